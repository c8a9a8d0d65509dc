#!/usr/bin/env python3
"""Verifies an exhibit of custody with Python 3.8 or later and nothing else.

    python3 verify.py [--verifier-key KEY] [--json] [EXHIBIT.zip | FOLDER]

Without a path: the unpacked exhibit that this file lies in. KEY is what the laboratory gave you by ANOTHER way; without
it the exhibit vouches for itself. Exit 0: all that was checked agrees; 3: it does not. Formats: packages/chain/SPEC.md,
C2SP signed-note and tlog-checkpoint, RFC 6962, RFC 8032, RFC 8493, RFC 8949."""
import base64, hashlib, json, os, re, sys, zipfile
from datetime import datetime, timezone

PAGE_FRAME = "6effb43e7014f9ae2a44be902565643775ce841e836104294331d8dafc326f48"  # SHA-256 of exhibit.html without the document inside it
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,250}")
TAGS = {"bagit.txt", "bag-info.txt", "manifest-sha256.txt"}
BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
ITEM = "type locator messageId conversation sender recipients owner sentAt times body refs attachments authentication fields raw".split()
FINDING = "code class records locator related detail".split()
NOT_CHECKED = ["that nothing came after the checkpoint: only a later checkpoint or a witness can show that",
               "who wrote a message: see what each item says under authentication",
               "the producer's own statements: reference, producer, names, selection, what was received and not used, reasons, notes",
               "that verify.py itself was not altered: compare it with one that you trust"]

class Refused(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code = code

def need(ok, code, message):
    if not ok: raise Refused(code, message)

def H(*parts):
    return hashlib.sha256(b"".join(parts)).digest()

# --- Ed25519, RFC 8032 5.1, strict: no low-order key, no second encoding of a point or number, no cofactor ---
P, Q = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, I = -121665 * pow(121666, P - 2, P) % P, pow(2, (P - 1) // 4, P)

def add(a, b):
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, e + f
    return e * f % P, g * h % P, f * g % P, e * h % P

def multiply(n, point):
    out = (0, 1, 1, 0)
    while n:
        if n & 1: out = add(out, point)
        point, n = add(point, point), n >> 1
    return out

def same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0

def decode_point(raw):
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P: return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if x * x % P != x2: x = x * I % P
    if x * x % P != x2 or (x == 0 and sign): return None
    if x & 1 != sign: x = P - x
    return x, y, 1, x * y % P

BASE = decode_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))

def is_weak(key):
    point = decode_point(key)
    return point is None or same(multiply(8, point), (0, 1, 1, 0))

def signed_by(key, message, signature):
    if len(key) != 32 or len(signature) != 64 or is_weak(key): return False
    r, s = decode_point(signature[:32]), int.from_bytes(signature[32:], "little")
    if r is None or s >= Q: return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % Q
    return same(multiply(s, BASE), add(r, multiply(k, decode_point(key))))

# --- encodings, each in its one form ---
def unhex(text):
    need(re.fullmatch(r"([0-9a-f]{2})*", text), "EXHIBIT_MALFORMED", "a hash, salt or value is not lower-case hex")
    return bytes.fromhex(text)

def un64(text, code="BASE64_INVALID"):
    try:
        raw = base64.b64decode(text.encode(), validate=True)
    except ValueError:
        raw = None
    need(raw is not None and base64.b64encode(raw).decode() == text, code, "not base64 in its one form")
    return raw

def cbor(raw):
    """One value of deterministic CBOR (RFC 8949 4.2.1) of the kinds that entries have."""
    def head(at):
        need(at < len(raw), "CBOR_INVALID", "the end of the input inside a value")
        major, info = raw[at] >> 5, raw[at] & 31
        if info < 24: return major, info, at + 1
        need(info < 28 and major != 7, "CBOR_INVALID", "a head that no entry has")
        end = at + 1 + (1 << info - 24)
        return major, int.from_bytes(raw[at + 1:end], "big"), end
    def value(at):
        major, n, at = head(at)
        if major < 2: return (n if major == 0 else -1 - n), at
        if major < 4:
            need(at + n <= len(raw), "CBOR_INVALID", "a length beyond the end")
            part = raw[at:at + n]
            return (part if major == 2 else part.decode()), at + n
        if major == 4:
            out = []
            for _ in range(n):
                one, at = value(at)
                out.append(one)
            return out, at
        if major == 5:
            out = {}
            for _ in range(n):
                key, at = value(at)
                out[key], at = value(at)
            return out, at
        need(major == 7 and n in (20, 21, 22), "CBOR_INVALID", "a value that no entry has")
        return {20: False, 21: True, 22: None}[n], at
    out, end = value(0)
    need(end == len(raw), "CBOR_INVALID", "bytes after the end of the value")
    return out

def cbor_bytes_list(parts):
    def head(major, n):
        for info, size, most in ((None, 0, 23), (24, 1, 255), (25, 2, 65535), (26, 4, 2**32 - 1)):
            if n <= most: return bytes([major << 5 | (n if info is None else info)]) + (n.to_bytes(size, "big") if size else b"")
    return head(4, len(parts)) + b"".join(head(2, len(part)) + part for part in parts)

# --- files: a ZIP of stored members or an unpacked folder; a bag (RFC 8493) ---
def read_members(path):
    if os.path.isdir(path):
        found = [os.path.join(where, name) for where, _, names in os.walk(path) for name in names if not name.endswith(".pyc")]
        return {os.path.relpath(one, path).replace(os.sep, "/"): open(one, "rb").read() for one in found}
    members, size, at = {}, os.path.getsize(path), 0
    try:
        with zipfile.ZipFile(path) as zip_file:
            for one in zip_file.infolist():
                name = one.orig_filename
                ok = NAME.fullmatch(name) and not any(part in ("", ".", "..") for part in name.split("/"))
                ok = ok and name not in members and one.compress_type == 0 and not one.flag_bits & 0x41 and not one.extra
                ok = ok and one.file_size == one.compress_size and one.header_offset == at and at + one.file_size < size
                need(ok, "EXHIBIT_MALFORMED", "the ZIP has a member that no exhibit has: %r" % name[:80])
                members[name] = zip_file.read(one)
                at += 30 + len(name) + one.file_size
            need(at == zip_file.start_dir and not zip_file.comment, "EXHIBIT_MALFORMED", "the ZIP has bytes between its members")
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise Refused("EXHIBIT_MALFORMED", "this is no ZIP file of custody: %s" % error)
    return members

def compare_sums(members, listing, names):
    need(listing in members, "EXHIBIT_MEMBER_MISSING", "there is no " + listing)
    stated = {}
    for line in members[listing].decode("utf-8", "replace").split("\n"):
        if line == "": continue
        part = re.fullmatch(r"([0-9a-f]{64})  ([!-~]+)", line)
        need(part and part[2] not in stated, "EXHIBIT_MALFORMED", listing + " has a line that is no sum")
        stated[part[2]] = part[1]
    for name in names:
        need(name in stated, "EXHIBIT_MEMBER_UNKNOWN", name + " is not listed in " + listing)
        need(H(members[name]).hex() == stated.pop(name), "EXHIBIT_MEMBER_ALTERED", name + " was altered")
    for name in stated: raise Refused("EXHIBIT_MEMBER_MISSING", name + " is listed and is not there")

def open_bag(members):
    tags = [name for name in members if not name.startswith("data/") and name != "tagmanifest-sha256.txt"]
    compare_sums(members, "tagmanifest-sha256.txt", tags)
    for name in tags: need(name in TAGS, "EXHIBIT_MEMBER_UNKNOWN", name + " does not belong to an exhibit")
    compare_sums(members, "manifest-sha256.txt", [name for name in members if name.startswith("data/")])
    need("bagit.txt" in members, "EXHIBIT_MEMBER_MISSING", "there is no bagit.txt")
    need(members["bagit.txt"] == BAGIT, "EXHIBIT_MEMBER_ALTERED", "bagit.txt was altered")
    return {name[5:]: raw for name, raw in members.items() if name.startswith("data/")}

def bag_info(doc, files):
    lines = [("Source-Organization", doc["producer"]), ("External-Identifier", doc["exhibitRef"]),
             ("External-Description", "Exhibit of the log %s at size %d" % (doc["case"]["origin"], doc["size"])),
             ("Bagging-Date", doc["asOf"][:10]), ("Bag-Software-Agent", "custody " + doc["tool"]["version"]),
             ("Payload-Oxum", "%d.%d" % (sum(map(len, files.values())), len(files)))]
    told = [(label, re.sub("[\0-\x1f\x7f-\x9f\u2028\u2029]", " ", value)) for label, value in lines if value and value.strip()]
    return "".join("%s: %s\n" % line for line in told).encode("utf-8", "replace")

# --- the shape of exhibit.json: every key and type, and no key beyond ---
COUNT, TEXT, FLAG, ONE = object(), str, bool, lambda *values: ("one", values)
NULL = lambda shape: ("null", shape)
KEYED = lambda **shapes: ("keyed", shapes)
DIGEST = {"digest": TEXT}
PIECE = KEYED(digest=DIGEST, value={"salt": TEXT, "value": TEXT})
FIELD = KEYED(raw={"salt": TEXT, "raw": ONE(True), "digest": TEXT}, digest=DIGEST, pieces={"pieces": [PIECE]}, salt={"salt": TEXT, "value": NULL(TEXT)})
PROVEN = {"entry": COUNT, "bytes": TEXT, "proof": [TEXT]}
SUMS = "records decoded notCovered items findings inScope outOfScope privileged undecided".split()
SHAPE = {
    "custodyExhibit": ONE(1), "exhibitRef": NULL(TEXT), "producer": NULL(TEXT), "asOf": TEXT, "verifierKey": TEXT,
    "checkpoint": TEXT, "size": COUNT, "case": {"origin": TEXT, "title": TEXT}, "tool": {"version": TEXT, "build": TEXT},
    "selection": [TEXT], "redacted": [TEXT], "media": ONE("none", "hash", "full"), "lang": ONE("en", "nl", "fr", "de", "es"),
    "timeZone": NULL(TEXT), "pdf": NULL(TEXT),
    "redactions": [{"what": ONE("field", "item", "span", "value", "media"), "field": NULL(TEXT), "reason": NULL(TEXT), "authority": NULL(TEXT), "items": COUNT}],
    "annotations": [{"index": COUNT, "what": ONE("translation", "note"), "lang": NULL(TEXT), "text": TEXT, "by": NULL(TEXT)}],
    "entries": [dict(PROVEN, fields=[FIELD])], "segments": [dict(PROVEN, derivation=COUNT)],
    "derivations": [dict(dict.fromkeys(("capture", "captureName", "format", "decoder", "authority"), TEXT), entry=COUNT, complete=NULL(COUNT),
                         findings=[COUNT], totals=NULL(dict(dict.fromkeys(SUMS, COUNT), lost=NULL(COUNT), evidenceRoot=TEXT)))],
    "leaves": [{"index": COUNT, "role": ONE("selected", "context", "finding"), "segment": COUNT, "position": COUNT, "kind": ONE(1, 2), "previous": TEXT,
                "path": [TEXT], "fields": [FIELD], "withheld": [TEXT], "because": [COUNT], "raw": [TEXT], "media": [TEXT]}],
    "conversations": [{"derivation": COUNT, "conversation": NULL(TEXT), "nameWithheld": FLAG, "shown": COUNT, "held": ("or", "unknown"),
                       "withheld": ONE("unknown", 0), "findings": [COUNT]}],
    "completeness": dict(dict.fromkeys(SUMS[5:], NULL(COUNT)), shown=COUNT, context=COUNT, notes=[TEXT],
        limits=[{"derivation": COUNT, "code": TEXT, "detail": TEXT, "findings": COUNT, "records": NULL(COUNT)}],
        inventory=[{"derivation": COUNT, "field": TEXT, "received": COUNT, "shown": COUNT}],
        notExamined=[{"derivation": COUNT, "findings": NULL(COUNT), "bytes": NULL(COUNT)}], superseded=[{"derivation": COUNT, "by": COUNT}])}

def fits(value, shape):
    if isinstance(shape, dict): return isinstance(value, dict) and value.keys() == shape.keys() and all(fits(value[key], shape[key]) for key in shape)
    if isinstance(shape, list): return isinstance(value, list) and all(fits(one, shape[0]) for one in value)
    if shape is COUNT: return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53
    if isinstance(shape, type): return isinstance(value, shape)
    kind, inner = shape
    if kind == "null": return value is None or fits(value, inner)
    if kind == "or": return value == inner or fits(value, COUNT)
    if kind == "one": return any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in inner)
    return isinstance(value, dict) and any(key in value and fits(value, one) for key, one in inner.items())

# --- the log: checkpoint, entries, segments, leaves ---
def read_key(text):
    part = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+(.+)", text)
    raw = un64(part[3], "VERIFIER_KEY_MALFORMED") if part else b""
    ok = len(raw) == 33 and raw[0] == 1 and H(part[1].encode() + b"\n" + raw)[:4].hex() == part[2] and not is_weak(raw[1:])
    need(ok, "VERIFIER_KEY_MALFORMED", "this is not a verifier key")
    return part[1], bytes.fromhex(part[2]), raw[1:]

def read_checkpoint(note, key):
    text, found, block = note.rpartition("\n\n")
    text += "\n"
    ok = found and text != "\n" and block.endswith("\n") and not re.search("[\0-\t\x0b-\x1f]", note)
    need(ok, "NOTE_MALFORMED", "the checkpoint is not a signed note")
    signed = False
    for line in block[:-1].split("\n"):
        part = re.fullmatch("\u2014 ([^\\s+]+) (\\S+)", line)
        raw = un64(part[2], "NOTE_MALFORMED") if part else b""
        need(len(raw) > 4, "NOTE_MALFORMED", "a signature line is malformed")
        if (part[1], raw[:4]) != key[:2]: continue
        need(signed_by(key[2], text.encode(), raw[4:]), "CHECKPOINT_SIGNATURE_INVALID", "the signature on the checkpoint is invalid")
        signed = True
    need(signed, "CHECKPOINT_SIGNATURE_MISSING", "the checkpoint is not signed by %s with the key given" % key[0])
    part = re.fullmatch(r"([^\n]+)\n(0|[1-9]\d{0,18})\n([^\n]+)\n(?:[^\n]+\n)*", text)
    root = un64(part[3], "CHECKPOINT_MALFORMED") if part else b""
    need(len(root) == 32, "CHECKPOINT_MALFORMED", "this is not a checkpoint")
    need(part[1] == key[0], "CHECKPOINT_ORIGIN_MISMATCH", "this is the checkpoint of another log")
    return part[1], int(part[2]), root

def climb(index, size, node, proof):
    last = size - 1
    need(index < size and all(len(one) == 32 for one in proof), "INCLUSION_PROOF_INVALID", "a proof of another tree")
    for one in proof:
        need(last, "INCLUSION_PROOF_INVALID", "a proof is too long")
        if index & 1 or index == last:
            node = H(b"\1", one, node)
            while not index & 1 and index: index, last = index >> 1, last >> 1
        else: node = H(b"\1", node, one)
        index, last = index >> 1, last >> 1
    need(last == 0, "INCLUSION_PROOF_INVALID", "a proof is too short")
    return node

def opened(prefix, number, salt, value):
    salt = unhex(salt)
    need(len(salt) == 16, "OPENING_MALFORMED", "a salt has another length than 16 bytes")
    length = 2**32 - 1 if value is None else len(value)
    return H(bytes([prefix, number]) + length.to_bytes(4, "big") + salt + (value or b""))

def withheld_digest(text):
    raw = unhex(text)
    need(len(raw) == 32, "OPENING_MALFORMED", "a digest has another length than 32 bytes")
    return raw

def digest(number, field, raw=None):
    if "raw" in field and raw is not None: return opened(2, number, field["salt"], cbor_bytes_list(raw))
    if "digest" in field: return withheld_digest(field["digest"])
    if "value" in field: return opened(2, number, field["salt"], None if field["value"] is None else unhex(field["value"]))
    pieces = field["pieces"]
    need(len(pieces) > 1, "OPENING_MALFORMED", "a field in fewer than two pieces")
    parts = [withheld_digest(one["digest"]) if "digest" in one else opened(5, number, one["salt"], unhex(one["value"])) for one in pieces]
    return H(b"\4" + bytes([number]) + len(parts).to_bytes(4, "big") + b"".join(parts))

def fields_root(fields, raw=None):
    return H(b"\3" + len(fields).to_bytes(2, "big") + b"".join(digest(i + 1, one, raw) for i, one in enumerate(fields)))

def entry_of(one, checkpoint):
    origin, size, root = checkpoint
    raw = un64(one["bytes"])
    kind = raw[17] if len(raw) > 17 else 0
    clear = 60 if kind == 6 else 0
    ok = raw[:17] == b"custody/entry/v1\n" and 0 < kind < 17 and len(raw) == 190 + clear
    ok = ok and raw[90:92] == b"\0\6" and raw[124:126] == clear.to_bytes(2, "big")
    need(ok, "ENTRY_MALFORMED", "entry %d is malformed" % one["entry"])
    message = b"custody/entry-sig/v1\n" + origin.encode() + b"\n" + raw[:-64]
    need(signed_by(raw[58:90], message, raw[-64:]), "ENTRY_SIGNATURE_INVALID", "the signature on entry %d is invalid" % one["entry"])
    found = climb(one["entry"], size, H(b"\0", raw), [un64(proof) for proof in one["proof"]])
    need(found == root, "CHECKPOINT_ROOT_MISMATCH", "entry %d is not in the signed log" % one["entry"])
    return kind, raw

def statement_of(one, checkpoint):
    kind, raw = entry_of(one, checkpoint)
    need(len(one["fields"]) == 6 and not any("raw" in f or "pieces" in f for f in one["fields"]), "EXHIBIT_MALFORMED", "an entry with other fields")
    need(fields_root(one["fields"]) == raw[92:124], "EXHIBIT_ENTRY_MISMATCH", "what is shown of entry %d is not its own" % one["entry"])
    values = [cbor(unhex(f["value"])) if f.get("value") is not None else None for f in one["fields"]]
    return kind, int.from_bytes(raw[50:58], "big"), values

def leaf_of(leaf, segments, files):
    """Names of the fields that are withheld, and the conversation: False where it is not told."""
    index, segment, fields = leaf["index"], segments.get(leaf["segment"]), leaf["fields"]
    wrong = "item %d is not the one the ledger committed to" % index
    need(segment, "EXHIBIT_SEGMENT_MISMATCH", "item %d names a segment that is not there" % index)
    derive, first, count, root = segment
    need(leaf["position"] < count and first + leaf["position"] == index, "EXHIBIT_ITEM_MISMATCH", wrong)
    need((leaf["role"] == "finding") == (leaf["kind"] == 2), "EXHIBIT_ITEM_MISMATCH", wrong)
    names = ITEM if leaf["kind"] == 1 else FINDING
    ok = len(fields) == len(names) and not any("raw" in f and (len(names) < 15 or i != 14) for i, f in enumerate(fields))
    need(ok, "EXHIBIT_MALFORMED", "item %d has other fields" % index)
    in_files = leaf["kind"] == 1 and "raw" in fields[14]
    need(in_files == bool(leaf["raw"]), "EXHIBIT_RAW_MISMATCH", "item %d lists raw records that its proof does not open" % index)
    for name in leaf["raw"]: need(name in files, "EXHIBIT_MEMBER_MISSING", "there is no " + name)
    raw = [files[name] for name in leaf["raw"]]
    if in_files: need(digest(15, fields[14], raw) == unhex(fields[14]["digest"]), "EXHIBIT_RAW_MISMATCH", "raw records of item %d are not its own" % index)
    previous = unhex(leaf["previous"])
    need(len(previous) == 32, "EXHIBIT_MALFORMED", "the link before item %d is not 32 bytes" % index)
    node = H(b"\0", previous, bytes([leaf["kind"]]), fields_root(fields, raw))
    need(climb(leaf["position"], count, node, [un64(one) for one in leaf["path"]]) == root, "EXHIBIT_ITEM_MISMATCH", wrong)
    hidden = [name for name, f in zip(names, fields) if ("digest" in f and "raw" not in f) or any("digest" in one for one in f.get("pieces", ()))]
    stated = set()
    if leaf["kind"] == 1 and fields[11].get("value") is not None: stated = {"media/%s" % one[3] for one in cbor(unhex(fields[11]["value"]))}
    for name in leaf["media"]:
        ok = name in stated and name in files and name == "media/" + H(files[name]).hex()
        need(ok, "EXHIBIT_MEDIA_MISMATCH", "%s is not an attachment of item %d" % (name, index))
    told = leaf["kind"] == 1 and not {"type", "locator", "conversation"} & set(hidden)
    name = fields[3].get("value") if told else None
    return hidden, (unhex(name).decode("utf-8", "replace") if name is not None else None) if told else False, derive

# --- what the document says against what was proven ---
def check_statements(doc, entries):
    def entry(index, kind=None):
        need(index in entries and kind in (None, entries[index][0]), "EXHIBIT_ENTRY_MISMATCH", "entry %d is not shown" % index)
        return entries[index]
    def agree(ok): need(ok, "EXHIBIT_ENTRY_MISMATCH", "a statement is not what the log commits to")
    agree(doc["case"]["title"] == (entry(0, 1)[2][4] or {}).get("title"))
    time = entry(doc["size"] - 1)[1]
    agree(doc["asOf"] == datetime.fromtimestamp(time // 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S") + ".%03dZ" % (time % 1000))
    seen = set()
    for one in doc["derivations"]:
        agree(one["entry"] not in seen)
        seen.add(one["entry"])
        values = entry(one["entry"], 5)[2]
        agree(all((values[4] or {}).get(key) == one[key] for key in ("capture", "format", "decoder")) and values[2] == one["authority"])
        agree((one["complete"] is None) == (one["totals"] is None))
        if one["complete"] is None: continue
        values = entry(one["complete"], 16)[2]
        totals = json.loads((values[5] or {}).get("totals", "{}"))
        agree((values[4] or {}).get("derivation") == one["entry"] and all(key in totals and totals[key] == value for key, value in one["totals"].items()))
    agree(all(one["derivation"] in seen for one in doc["segments"]))
    for key in SUMS[5:]:
        parts = [one["totals"] and one["totals"][key] for one in doc["derivations"]]
        need(doc["completeness"][key] == (None if None in parts else sum(parts)), "EXHIBIT_COUNT_MISMATCH", 'the count "%s" is not the sum' % key)

def check_counts(doc, proven):
    def agree(ok): need(ok, "EXHIBIT_COUNT_MISMATCH", "a count or list is not that of the exhibit")
    roles = [leaf["role"] for leaf in doc["leaves"]]
    agree(doc["completeness"]["shown"] == roles.count("selected") and doc["completeness"]["context"] == roles.count("context"))
    found, findings, listed = {}, {}, set()
    for leaf, (_, name, derive) in zip(doc["leaves"], proven):
        if leaf["kind"] == 1: found[derive, name] = found.get((derive, name), 0) + 1
        else: findings[leaf["index"]] = derive
    for one in doc["conversations"]:
        key = one["derivation"], False if one["nameWithheld"] else one["conversation"]
        agree(found.pop(key, None) == one["shown"] and (one["held"] == "unknown" or one["held"] >= one["shown"]))
    agree(not found)
    for derive, one in [(one["entry"], one) for one in doc["derivations"]] + [(one["derivation"], one) for one in doc["conversations"]]:
        for index in one["findings"]: agree(findings.get(index) == derive)
        listed |= set(one["findings"])
    agree(len(listed) == len(findings))

def check_redactions(doc, proven):
    def agree(ok): need(ok, "EXHIBIT_REDACTION_MISMATCH", "what is withheld is not what the exhibit says is withheld")
    touched = [0] * len(doc["redactions"])
    for leaf, (hidden, _, _) in zip(doc["leaves"], proven):
        said = set(leaf["withheld"]) | (set(doc["redacted"]) | (set() if leaf["raw"] else {"raw"}) if leaf["kind"] == 1 else set())
        agree(set(hidden) == said and any(name != "raw" for name in hidden) == bool(leaf["because"]))
        agree(len(set(leaf["because"])) == len(leaf["because"]) and all(rule < len(touched) for rule in leaf["because"]))
        for rule in leaf["because"]: touched[rule] += 1
    agree(all(rule["items"] == n for rule, n in zip(doc["redactions"], touched)))
    agree(set(doc["redacted"]) <= {rule["field"] for rule in doc["redactions"] if rule["what"] in ("field", "media")})

def check_files(doc, files):
    known = {"exhibit.json", "exhibit.html", "checkpoint", "verify.py"} | ({"exhibit.pdf"} if doc["pdf"] is not None else set())
    for leaf in doc["leaves"]:
        ok = leaf["raw"] == ["raw/%d-%d.bin" % (leaf["index"], i) for i in range(len(leaf["raw"]))]
        need(ok, "EXHIBIT_RAW_MISMATCH", "item %d names the raw records of something else" % leaf["index"])
        known |= set(leaf["raw"]) | set(leaf["media"])
    for name in files: need(name in known, "EXHIBIT_MEMBER_UNKNOWN", name + " belongs to no item of the exhibit")
    for name in sorted(known): need("/" in name or name in files, "EXHIBIT_MEMBER_MISSING", "there is no " + name)
    need(files["checkpoint"] == doc["checkpoint"].encode(), "EXHIBIT_MEMBER_ALTERED", "checkpoint is not the one in exhibit.json")
    need(doc["pdf"] in (None, H(files.get("exhibit.pdf", b"")).hex()), "EXHIBIT_MEMBER_ALTERED", "exhibit.pdf is not the one that exhibit.json names")

def check_page(files):
    before, mark, rest = files["exhibit.html"].partition(b'<script type="application/json" id="exhibit">')
    data, end, after = rest.partition(b"</script>")
    ok = H(before, mark, end, after).hex() == PAGE_FRAME and data == files["exhibit.json"].replace(b"<", b"\\u003c")
    need(ok, "EXHIBIT_VIEW_MISMATCH", "exhibit.html does not show what exhibit.json holds: it was edited")

def verify(path, pinned):
    members = read_members(path)
    files = open_bag(members)
    need("exhibit.json" in files, "EXHIBIT_MEMBER_MISSING", "there is no exhibit.json")
    try:
        doc = json.loads(files["exhibit.json"].decode())
    except (ValueError, RecursionError):
        doc = None
    need(fits(doc, SHAPE), "EXHIBIT_MALFORMED", "exhibit.json has another form than exhibits have")
    check_files(doc, files)
    need(members["bag-info.txt"] == bag_info(doc, files), "EXHIBIT_MEMBER_ALTERED", "bag-info.txt was altered")
    own = read_key(doc["verifierKey"])
    checkpoint = read_checkpoint(doc["checkpoint"], read_key(pinned) if pinned else own)
    ok = checkpoint[:2] == (doc["case"]["origin"], doc["size"]) and pinned in (None, doc["verifierKey"])
    need(ok, "EXHIBIT_COUNT_MISMATCH", "origin, size or key of the exhibit is not that of its checkpoint")
    entries, segments, seen = {}, {}, set()
    for one in doc["entries"]:
        need(one["entry"] not in entries, "EXHIBIT_ENTRY_MISMATCH", "entry %d is shown twice" % one["entry"])
        entries[one["entry"]] = statement_of(one, checkpoint)
    for one in doc["segments"]:
        need(one["entry"] not in segments, "EXHIBIT_SEGMENT_MISMATCH", "segment %d is shown twice" % one["entry"])
        kind, raw = entry_of(one, checkpoint)
        ok = kind == 6 and int.from_bytes(raw[126:134], "big") == one["derivation"]
        need(ok, "EXHIBIT_SEGMENT_MISMATCH", "entry %d is not a segment of that derivation" % one["entry"])
        segments[one["entry"]] = one["derivation"], int.from_bytes(raw[142:150], "big"), int.from_bytes(raw[150:154], "big"), raw[154:186]
    for leaf in doc["leaves"]:
        need(leaf["index"] not in seen, "EXHIBIT_ITEM_MISMATCH", "item %d stands in the exhibit twice" % leaf["index"])
        seen.add(leaf["index"])
        leaf["proven"] = leaf_of(leaf, segments, files)
    proven = [leaf.pop("proven") for leaf in doc["leaves"]]
    check_statements(doc, entries)
    check_counts(doc, proven)
    check_redactions(doc, proven)
    check_page(files)
    return doc, len(members), sum(len(hidden) for hidden, _, _ in proven)

def main(arguments):
    as_json, pinned, path = "--json" in arguments, None, None
    arguments = [one for one in arguments if one != "--json"]
    if "--verifier-key" in arguments[:-1]:
        at = arguments.index("--verifier-key")
        pinned, arguments = arguments[at + 1], arguments[:at] + arguments[at + 2:]
    if len(arguments) > 1 or any(one.startswith("-") for one in arguments): sys.exit(__doc__)
    path = arguments[0] if arguments else os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    try:
        doc, members, withheld = verify(path, pinned)
    except Refused as error:
        print(json.dumps({"ok": False, "code": error.code, "message": str(error)}) if as_json else "result       FAILED: %s: %s" % (error.code, error))
        return 3
    items = sum(leaf["kind"] == 1 for leaf in doc["leaves"])
    left = ([] if pinned else ["WHOSE KEY signed: it came with the exhibit itself. Pin it with --verifier-key"]) + NOT_CHECKED
    if as_json: print(json.dumps({"ok": True, "key": "pinned" if pinned else "self-asserted", "items": items, "notChecked": left}))
    else:
        print("log          %s, %d entries" % (doc["case"]["origin"], doc["size"]))
        print("key          %s  %s" % ("pinned by you" if pinned else "SELF-ASSERTED: it came with the exhibit", doc["verifierKey"]))
        print("checked      %d files, %d items, %d findings, %d fields withheld" % (members, items, len(doc["leaves"]) - items, withheld))
        print("\n".join("not checked  " + line for line in left) + "\nresult       everything checked agrees")
    return 0

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
