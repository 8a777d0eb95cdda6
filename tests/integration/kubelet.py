"""What a container gets to see, as the kubelet works it out: the measure of whether an edit was right.

From Kubernetes 1.34: pkg/kubelet/kubelet_pods.go (makeEnvironmentVariables) and
third_party/forked/golang/expansion/expand.go.
"""

import base64
import re

PLACEHOLDER = re.compile(r"(\$?)\$\{secret:([^}]*)\}")


def expand(text, known):
    """$(NAME) becomes its value where the name is known, $$ becomes $."""
    out, i = "", 0
    while i < len(text):
        if text[i] != "$" or i + 1 == len(text):
            out += text[i]
            i += 1
        elif text[i + 1] == "$":
            out += "$"
            i += 2
        elif text[i + 1] == "(" and ")" in text[i:]:
            end = text.index(")", i)
            name = text[i + 2 : end]
            out += known.get(name, f"$({name})")
            i = end + 1
        else:
            out += text[i : i + 2]
            i += 2
    return out


def secret_values(objects_):
    """{name: {key: value}} of the Secrets in a stream."""
    found = {}
    for (kind, name), one in objects_.items():
        if kind == "Secret":
            values = {key: base64.b64decode(value or "").decode() for key, value in (one.get("data") or {}).items()}
            found[name] = {**values, **(one.get("stringData") or {})}
    return found


def environment(container, secrets, config_maps=None):
    """{name: value} of a container's environment; what does not resolve raises, as the pod would not start."""
    stores = {"secretRef": secrets, "configMapRef": config_maps or {}}
    known = {}
    for source in container.get("envFrom") or []:
        for kind, store in stores.items():
            if ref := source.get(kind):
                if ref["name"] not in store and ref.get("optional"):
                    continue
                for key, value in store[ref["name"]].items():
                    known[source.get("prefix", "") + key] = value
    for entry in container.get("env") or []:
        if ref := (entry.get("valueFrom") or {}).get("secretKeyRef"):
            if ref.get("optional") and ref["key"] not in secrets.get(ref["name"], {}):
                continue
            known[entry["name"]] = secrets[ref["name"]][ref["key"]]
        elif "valueFrom" in entry:
            known[entry["name"]] = f"<{entry['valueFrom']}>"
        else:
            known[entry["name"]] = expand(str(entry.get("value") or ""), known)
    return known


def files(spec, secrets):
    """{volume: {file name: content}} of the volumes that hold Secrets."""
    found = {}
    for volume in spec.get("volumes") or []:
        content = {}
        sources = [volume.get("secret")] + [
            {"secretName": source["secret"]["name"], **source["secret"]}
            for source in (volume.get("projected") or {}).get("sources", [])
            if "secret" in source
        ]
        for source in filter(None, sources):
            values = secrets[source["secretName"]]
            items = source.get("items") or [{"key": key, "path": key} for key in values]
            content.update({item["path"]: values[item["key"]] for item in items})
        if any(sources):
            found[volume["name"]] = content
    return found


def filled_in(container, values):
    """The container as if its placeholders were the values themselves, whatever those hold."""
    entries = []
    for entry in container.get("env") or []:
        text = entry.get("value")
        if isinstance(text, str):
            # $ in a value would be expanded here, though it is not when it comes from a Secret.
            fill = lambda m: f"${{secret:{m[2]}}}" if m[1] else values[m[2].rsplit("/")[-1]].replace("$", "$$")  # noqa: E731
            entry = {**entry, "value": PLACEHOLDER.sub(fill, text)}
        entries.append(entry)
    return {**container, "env": entries}
