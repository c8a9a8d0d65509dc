#!/usr/bin/env python3
"""Verifies an exhibit of custody with Python 3.8: python3 verify.py [--verifier-key KEY] [--tsa-ca CA.pem] [--json] [EXHIBIT.zip | FOLDER]
Without a path: the unpacked exhibit that this file lies in. KEY is what the laboratory gave you by ANOTHER way; without
it the exhibit vouches for itself. Exit 0: all that was checked agrees; 3: it does not. Formats: packages/chain/SPEC.md."""
import base64, bisect, datetime, hashlib, json, os, re, shutil, subprocess, sys, tempfile, zipfile
PAGE_FRAME = "8a5f7fcca0bc30dcfda4dd0602856a618eebe5392dc773b74ed7fc7ad260ef97"  # SHA-256 of exhibit.html without the document inside it
NOT_CHECKED = ["that nothing came after the checkpoint: only a later checkpoint or a witness can show that", "who wrote a message: see its authentication",
               "the producer's own statements: reference, producer, names, selection, what was not used, reasons, notes; the PDF's words; what was found in texts (mentions), which the tool derived",
               "that verify.py itself was not altered: compare it with one that you trust"]
class Refused(Exception): pass
def need(ok, code, message):
    if not ok: raise Refused(code, message)
def H(*parts): return hashlib.sha256(b"".join(parts)).digest()
# --- Ed25519, RFC 8032 5.1, strict: no low-order key, no second encoding of a point or number ---
P, Q = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, I = -121665 * pow(121666, P - 2, P) % P, pow(2, (P - 1) // 4, P)
def add(a, b):
    e, f, g, h = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P, 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P; return (f - e) * (h - g) % P, (h + g) * (e + f) % P, (h - g) * (h + g) % P, (f - e) * (e + f) % P
def multiply(n, point): return (0, 1, 1, 0) if n == 0 else add(multiply(n >> 1, add(point, point)), point) if n & 1 else multiply(n >> 1, add(point, point))
def same(a, b): return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0
def decode_point(raw):
    sign, y = raw[31] >> 7, int.from_bytes(raw, "little") & (2**255 - 1); x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P; x = pow(x2, (P + 3) // 8, P)
    x = x if x * x % P == x2 else x * I % P; x = P - x if x & 1 != sign else x; return (x, y, 1, x * y % P) if y < P and x * x % P == x2 and x < P else None
BASE = decode_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
def is_weak(key): return decode_point(key) is None or same(multiply(8, decode_point(key)), (0, 1, 1, 0))
def signed_by(key, message, signature):
    if len(key) != 32 or len(signature) != 64 or is_weak(key): return False
    r, s = decode_point(signature[:32]), int.from_bytes(signature[32:], "little"); k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % Q
    return r is not None and s < Q and same(multiply(s, BASE), add(r, multiply(k, decode_point(key))))
def unhex(text): return bytes.fromhex(text) if len(text) % 2 == 0 and re.fullmatch("[0-9a-f]*", text) else need(0, "EXHIBIT_MALFORMED", "a hash, salt or value is not lower-case hex")
def un64(text, code="BASE64_INVALID"):
    raw = base64.b64decode(text) if re.fullmatch("(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", text) else b""
    return raw if base64.b64encode(raw).decode() == text else need(0, code, "not base64 in its one form")
def cbor(raw, at=0):
    need(at < len(raw), "CBOR_INVALID", "the end of the input inside a value"); major, n, at = raw[at] >> 5, raw[at] & 31, at + 1
    need(n < 28 and (major < 6 or major == 7 and n in (20, 21, 22)), "CBOR_INVALID", "a value that no entry has")
    if major == 7: return {20: False, 21: True, 22: None}[n], at
    if n > 23: n, at = int.from_bytes(raw[at:at + (1 << n - 24)], "big"), at + (1 << n - 24)
    if major < 2: return (-1 - n if major else n), at
    need(n <= len(raw) - at, "CBOR_INVALID", "a length beyond the end of the input")
    if major < 4: return (raw[at:at + n] if major == 2 else raw[at:at + n].decode()), at + n
    values = []
    for _ in range(n * (major - 3)): at = (values.append(cbor(raw, at)), values[-1][1])[1]
    values = [one for one, _ in values]; return (values if major == 4 else dict(zip(values[::2], values[1::2]))), at
def cbor_list(parts):
    sizes = lambda n: (0, n) if n < 24 else (1, 24) if n < 256 else (2, 25) if n < 65536 else (4, 26); head = lambda major, n: bytes([major << 5 | sizes(n)[1]]) + (n.to_bytes(sizes(n)[0], "big") if n > 23 else b"")
    return head(4, len(parts)) + b"".join(head(2, len(part)) + part for part in parts)
def read_members(path):
    if os.path.isdir(path):
        found = [os.path.join(where, name) for where, _, names in os.walk(path) for name in names if "__pycache__" not in where]; return {os.path.relpath(one, path).replace(os.sep, "/"): open(one, "rb").read() for one in found}
    members, at = {}, 0
    try:
        with zipfile.ZipFile(path) as file:
            for one in file.infolist():
                name, size = one.orig_filename, one.file_size; ok = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,250}", name) and not {"", ".", ".."} & set(name.split("/")) and name not in members
                ok = ok and not (one.compress_type or one.flag_bits & 0x41 or one.extra or one.comment) and size == one.compress_size
                need(ok and one.header_offset == at and at + size < os.path.getsize(path), "EXHIBIT_MALFORMED", "a member that no exhibit has: %r" % name[:80]); members[name], at = file.read(one), at + 30 + len(name) + size
            need(at == file.start_dir and open(path, "rb").read()[-22:-18] == b"PK\5\6", "EXHIBIT_MALFORMED", "the ZIP has bytes that are no member's")
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error: need(False, "EXHIBIT_MALFORMED", "no ZIP of custody: %s" % error)
    return members
def compare_sums(members, listing, names):
    need(listing in members, "EXHIBIT_MEMBER_MISSING", "there is no " + listing); parts = [re.fullmatch(r"([0-9a-f]{64})  ([!-~]+)", line) for line in members[listing].decode("utf-8", "replace").split("\n") if line]
    need(all(parts) and len({part[2] for part in parts}) == len(parts), "EXHIBIT_MALFORMED", listing + " has a line that is no sum, or one twice")
    stated = {part[2]: part[1] for part in parts}
    for name in names:
        need(name in stated, "EXHIBIT_MEMBER_UNKNOWN", name + " is not listed in " + listing)
        need(H(members[name]).hex() == stated.pop(name), "EXHIBIT_MEMBER_ALTERED", name + " was altered")
    need(not stated, "EXHIBIT_MEMBER_MISSING", "%s lists what is not there: %s" % (listing, ", ".join(stated)))
def open_bag(members):
    tags = {name for name in members if not name.startswith("data/")} - {"tagmanifest-sha256.txt"}; compare_sums(members, "tagmanifest-sha256.txt", tags)
    need(tags <= {"bagit.txt", "bag-info.txt", "manifest-sha256.txt"}, "EXHIBIT_MEMBER_UNKNOWN", "files that no exhibit has: %s" % tags)
    compare_sums(members, "manifest-sha256.txt", [name for name in members if name.startswith("data/")])
    need("bagit.txt" in members and "bag-info.txt" in members, "EXHIBIT_MEMBER_MISSING", "there is no bagit.txt or bag-info.txt")
    need(members["bagit.txt"] == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", "EXHIBIT_MEMBER_ALTERED", "bagit.txt was altered")
    return {name[5:]: raw for name, raw in members.items() if name.startswith("data/")}
def bag_info(doc, files):
    labels = "Source-Organization External-Identifier External-Description Bagging-Date Bag-Software-Agent Payload-Oxum".split()
    values = [doc["producer"], doc["exhibitRef"], "Exhibit of the log %s at size %d" % (doc["case"]["origin"], doc["size"]), doc["asOf"][:10],
              "custody " + doc["tool"]["version"], "%d.%d" % (sum(map(len, files.values())), len(files))]
    told = [(label, re.sub("[\0-\x1f\x7f-\x9f\u2028\u2029]", " ", value)) for label, value in zip(labels, values) if value and value.strip()]
    return "".join("%s: %s\n" % line for line in told).encode("utf-8", "replace")
# --- the shape of exhibit.json: every key and type, and no key beyond ---
NAMED = {"text": lambda v: type(v) is str, "count": lambda v: type(v) is int and 0 <= v < 2**53, "flag": lambda v: type(v) is bool, "null": lambda v: v is None}
def fits(value, shape):  # a shape is a dict or list of shapes, or words of which one must fit: text, count, flag, null, =WORD
    if isinstance(shape, dict): return isinstance(value, dict) and value.keys() == shape.keys() and all(fits(value[key], shape[key]) for key in shape)
    if isinstance(shape, list): return isinstance(value, list) and all(fits(one, shape[0]) for one in value)
    if isinstance(shape, tuple): return any(fits(value, one) for one in shape)
    return any(json.dumps(value) == (word[1:] if word[1:] in ("0", "1", "2", "true") else '"%s"' % word[1:]) if word[0] == "=" else NAMED[word](value) for word in shape.split())
def keys(names, shape, **more): return dict(dict.fromkeys(names.split(), shape), **more)
DIGEST = {"digest": "text"}
FIELD = ({"salt": "text", "raw": "=true", "digest": "text"}, DIGEST, {"pieces": [(DIGEST, keys("salt value", "text"))]}, {"salt": "text", "value": "text null"})
PROVEN, DISPOSED = {"entry": "count", "bytes": "text", "proof": ["text"]}, "inScope outOfScope privileged undecided"
TOTALS = keys("records decoded notCovered items findings " + DISPOSED, "count", lost="count null", evidenceRoot="text")
SHAPE = keys("asOf verifierKey checkpoint", "text", custodyExhibit="=1", size="count", case=keys("origin title", "text"), tool=keys("version build", "text"),
    exhibitRef="text null", producer="text null", timeZone="text null", pdf="text null", selection=["text"], redacted=["text"],
    redactions=[keys("field reason authority", "text null", what="=field =item =span =value =media", items="count")],
    media="=none =hash =full", lang="=en =nl =fr =de =es", annotations=[keys("lang by", "text null", index="count", what="=translation =note", text="text")],
    entries=[dict(PROVEN, fields=[FIELD])], segments=[dict(PROVEN, derivation="count")],
    derivations=[keys("capture captureName format decoder authority", "text", entry="count", complete="count null", findings=["count"], totals=(TOTALS, "null"))],
    leaves=[keys("index segment position", "count", role="=selected =context =finding", kind="=1 =2", previous="text", path=["text"], fields=[FIELD],
                 withheld=["text"], because=["count"], raw=["text"], media=["text"])],
    mentions=[keys("index extractor", "count", region="text null", found=[keys("class type value tier", "text", start="count", end="count", folds=["text"], alternatives=[keys("type value", "text")])])],
    anchors=[keys("checkpoint", "text", size="count", consistency=["text"], witnesses=["text"], tsa="text null", authority="flag")],
    conversations=[keys("derivation shown", "count", conversation="text null", nameWithheld="flag", held="count =unknown", withheld="=0 =unknown", findings=["count"])],
    completeness=keys(DISPOSED, "count null", shown="count", context="count", notes=["text"], superseded=[keys("derivation by", "count")],
        limits=[keys("code detail", "text", derivation="count", findings="count", records="count null")],
        inventory=[keys("derivation received shown", "count", field="text")], notExamined=[keys("findings bytes", "count null", derivation="count")]))
def read_key(text, kind=1):
    part = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+(.+)", text); raw = un64(part[3], "VERIFIER_KEY_MALFORMED") if part else b""
    ok = len(raw) == 33 and raw[0] == kind and H(part[1].encode() + b"\n" + raw)[:4].hex() == part[2] and not is_weak(raw[1:])
    need(ok, "VERIFIER_KEY_MALFORMED", "this is not a verifier key"); return part[1], bytes.fromhex(part[2]), raw[1:]
def read_checkpoint(note, key):
    (text, found, block), signed = note.rpartition("\n\n"), False
    need(found and text and block.endswith("\n") and not re.search("[\0-\t\x0b-\x1f]", note), "NOTE_MALFORMED", "the checkpoint is not a signed note")
    for part in [re.fullmatch("\u2014 ([^\\s+]+) (\\S+)", line) for line in block[:-1].split("\n")]:
        raw = un64(part[2], "NOTE_MALFORMED") if part else b""; need(len(raw) > 4, "NOTE_MALFORMED", "a signature line is malformed")
        if (part[1], raw[:4]) != key[:2]: continue
        signed = signed_by(key[2], text.encode() + b"\n", raw[4:]) or need(0, "CHECKPOINT_SIGNATURE_INVALID", "the signature on the checkpoint is invalid")
    need(signed, "CHECKPOINT_SIGNATURE_MISSING", "the checkpoint is not signed by %s with the key given" % key[0])
    part = re.fullmatch(r"([^\n]+)\n(0|[1-9]\d{0,18})\n([^\n]+)(?:\n[^\n]+)*", text); root = un64(part[3], "CHECKPOINT_MALFORMED") if part else b""
    need(len(root) == 32, "CHECKPOINT_MALFORMED", "this is not a checkpoint")
    need(part[1] == key[0], "CHECKPOINT_ORIGIN_MISMATCH", "this is the checkpoint of another log"); return part[1], int(part[2]), root
def climb(index, size, node, proof):
    last = size - 1 if index < size and all(len(one) == 32 for one in proof) else need(0, "INCLUSION_PROOF_INVALID", "a proof of another tree")
    for one in proof:
        need(last, "INCLUSION_PROOF_INVALID", "a proof is too long"); is_right = index & 1 or index == last; node = H(b"\1", one, node) if is_right else H(b"\1", node, one)
        while is_right and not index & 1 and index: index, last = index >> 1, last >> 1
        index, last = index >> 1, last >> 1
    need(last == 0, "INCLUSION_PROOF_INVALID", "a proof is too short"); return node
def extends(first, root1, last, root2, proof):  # RFC 9162 2.1.4.2: the log of `last` entries begins with the log of `first`
    if first == last or not proof or not 0 < first < last or any(len(one) != 32 for one in proof): return first == last and not proof and root1 == root2
    a, b, path = first - 1, last - 1, ([] if first & first - 1 else [root1]) + proof
    while a & 1: a, b = a >> 1, b >> 1
    old = new = path[0]
    for one in path[1:]:
        if not b: return False
        right = a & 1 or a == b; old, new = (H(b"\1", one, old), H(b"\1", one, new)) if right else (old, H(b"\1", new, one))
        while right and not a & 1 and a: a, b = a >> 1, b >> 1
        a, b = a >> 1, b >> 1
    return not b and old == root1 and new == root2
def check_anchor(one, key, checkpoint):
    (_, size, root), (text, _, block) = read_checkpoint(one["checkpoint"], key), one["checkpoint"].rpartition("\n\n")
    need(size == one["size"] and (one["witnesses"] or one["tsa"] is not None), "", "its checkpoint counts other entries, or nobody states anything in it")
    need(extends(size, root, *checkpoint[1:], [un64(raw) for raw in one["consistency"]]), "", "the log of the exhibit does not extend it")
    for name, number, public in [read_key(text, 4) for text in one["witnesses"]]:
        lines = [un64(line.rpartition(" ")[2]) for line in block.split("\n") if line.startswith("\u2014 %s " % name)]
        said = [(b"cosignature/v1\ntime %d\n" % int.from_bytes(raw[4:12], "big") + text.encode() + b"\n", raw[12:]) for raw in lines if raw[:4] == number]
        need(said and all(signed_by(public, *one) for one in said), "", name + " did not cosign it")
def check_anchors(doc, key, checkpoint):
    for n, one in enumerate(doc["anchors"], 1):
        try: check_anchor(one, key, checkpoint)
        except Refused as error: raise Refused("EXHIBIT_ANCHOR_MISMATCH", "anchor %d does not hold: %s" % (n, error.args[1]))
def check_stamps(doc, files, authority):  # time-stamps under a CA file of the reader's, by openssl: what can be said of them, what was not checked
    said, left = [], []
    for n, one in enumerate(doc["anchors"], 1):
        if one["witnesses"]: said.append("witnesses    the first %d entries were cosigned by %s, by keys that came with the exhibit" % (one["size"], ", ".join(key.partition("+")[0] for key in one["witnesses"])))
        if one["tsa"] is None: continue
        if not authority or not shutil.which("openssl"): left.append("the time-stamp in anchors/%d: --tsa-ca CA.pem has openssl verify it" % n); continue
        with tempfile.TemporaryDirectory() as folder:
            paths = [os.path.join(folder, name) for name in ("checkpoint", "token.tsr")]
            for path in paths: open(path, "wb").write(files["anchors/%d/%s" % (n, os.path.basename(path))])
            done = subprocess.run(["openssl", "ts", "-verify", "-data", paths[0], "-in", paths[1], "-CAfile", authority], capture_output=True)
        need(done.returncode == 0, "TIMESTAMP_UNTRUSTED", "openssl refuses the time-stamp in anchors/%d under %s" % (n, authority))
        said.append("time         openssl verified the time-stamp over the first %d entries under your CA file" % one["size"])
    return said, left
def opening(prefix, number, salt, value):
    need(len(unhex(salt)) == 16, "OPENING_MALFORMED", "a salt has another length than 16 bytes"); return H(bytes([prefix, number]) + (2**32 - 1 if value is None else len(value)).to_bytes(4, "big") + unhex(salt) + (value or b""))
def withheld(text): return unhex(text) if len(text) == 64 else need(unhex(text) is None, "OPENING_MALFORMED", "a digest has another length than 32 bytes")
def digest(number, field, raw=None):
    if "raw" in field and raw is not None: return opening(2, number, field["salt"], cbor_list(raw))
    if "digest" in field: return withheld(field["digest"])
    if "value" in field: return opening(2, number, field["salt"], None if field["value"] is None else unhex(field["value"]))
    need(len(field["pieces"]) > 1, "OPENING_MALFORMED", "a field in fewer than two pieces")
    parts = [withheld(one["digest"]) if "digest" in one else opening(5, number, one["salt"], unhex(one["value"])) for one in field["pieces"]]
    return H(b"\4" + bytes([number]) + len(parts).to_bytes(4, "big"), *parts)
def fields_root(fields, raw=None): return H(b"\3" + len(fields).to_bytes(2, "big"), *(digest(i + 1, one, raw) for i, one in enumerate(fields)))
def entry_of(one, checkpoint):
    (origin, size, root), raw = checkpoint, un64(one["bytes"]); kind, clear = (raw + b"\0" * 18)[17], 60 if raw[17:18] == b"\6" else 0
    ok = raw[:17] == b"custody/entry/v1\n" and 0 < kind < 18 and len(raw) == 190 + clear and raw[90:92] + raw[124:126] == bytes([0, 6, 0, clear])
    need(ok, "ENTRY_MALFORMED", "entry %d is malformed" % one["entry"])
    need(signed_by(raw[58:90], b"custody/entry-sig/v1\n" + origin.encode() + b"\n" + raw[:-64], raw[-64:]), "ENTRY_SIGNATURE_INVALID", "the signature on entry %d is invalid" % one["entry"])
    need(climb(one["entry"], size, H(b"\0", raw), [un64(proof) for proof in one["proof"]]) == root, "CHECKPOINT_ROOT_MISMATCH", "entry %d is not in the signed log" % one["entry"])
    return kind, raw
def statement_of(one, checkpoint):
    (kind, raw), fields = entry_of(one, checkpoint), one["fields"]
    need(len(fields) == 6 and not any("raw" in f or "pieces" in f for f in fields), "EXHIBIT_MALFORMED", "an entry with other fields")
    need(fields_root(fields) == raw[92:124], "EXHIBIT_ENTRY_MISMATCH", "what is shown of entry %d is not its own" % one["entry"])
    return kind, int.from_bytes(raw[50:58], "big"), [cbor(unhex(f["value"]))[0] if f.get("value") is not None else None for f in fields]
ITEM = "type locator messageId conversation sender recipients owner sentAt times body refs attachments authentication fields raw".split()
FINDING = "code class records locator related detail".split()
def leaf_of(leaf, segments, files):  # names of the fields that are withheld; the conversation, False where it is not told; the derivation
    index, fields, is_item, wrong = leaf["index"], leaf["fields"], leaf["kind"] == 1, "item %d is not the one the ledger committed to" % leaf["index"]
    need(leaf["segment"] in segments, "EXHIBIT_SEGMENT_MISMATCH", "item %d names a segment that is not there" % index); derive, first, count, root = segments[leaf["segment"]]
    need(leaf["position"] < count and first + leaf["position"] == index and (leaf["role"] == "finding") != is_item, "EXHIBIT_ITEM_MISMATCH", wrong); names = ITEM if is_item else FINDING
    need(len(fields) == len(names) and not any("raw" in f and i != 14 for i, f in enumerate(fields)), "EXHIBIT_MALFORMED", "item %d has other fields" % index)
    need((is_item and "raw" in fields[14]) == bool(leaf["raw"]), "EXHIBIT_RAW_MISMATCH", "item %d lists raw records that its proof does not open" % index)
    need(all(name in files for name in leaf["raw"]), "EXHIBIT_MEMBER_MISSING", "raw records of item %d are not there" % index); raw = [files[name] for name in leaf["raw"]]
    if raw: need(digest(15, fields[14], raw) == unhex(fields[14]["digest"]), "EXHIBIT_RAW_MISMATCH", "raw records of item %d are not its own" % index)
    need(len(unhex(leaf["previous"])) == 32, "EXHIBIT_MALFORMED", "the link before item %d is not 32 bytes" % index)
    node = H(b"\0", unhex(leaf["previous"]), bytes([leaf["kind"]]), fields_root(fields, raw))
    need(climb(leaf["position"], count, node, [un64(one) for one in leaf["path"]]) == root, "EXHIBIT_ITEM_MISMATCH", wrong)
    hidden = [name for name, f in zip(names, fields) if ("digest" in f and "raw" not in f) or any("digest" in one for one in f.get("pieces", ()))]
    media = cbor(unhex(fields[11]["value"]))[0] if is_item and fields[11].get("value") is not None else []
    for name in leaf["media"]: need(name in files and name == "media/" + H(files[name]).hex() and name[6:] in [one[3] for one in media], "EXHIBIT_MEDIA_MISMATCH", name + " is no attachment")
    if not is_item or {"type", "locator", "conversation"} & set(hidden): return hidden, False, derive
    return hidden, fields[3]["value"] if fields[3]["value"] is None else unhex(fields[3]["value"]).decode("utf-8", "replace"), derive
def check_statements(doc, entries):
    def agree(ok): need(ok, "EXHIBIT_ENTRY_MISMATCH", "a statement is not what the log commits to")
    def entry(index, kind=None):
        agree(index in entries and kind in (None, entries[index][0])); return entries[index][1], entries[index][2][2], entries[index][2][4] or {}, entries[index][2][5] or {}
    time, derivations = entry(doc["size"] - 1)[0], [one["entry"] for one in doc["derivations"]]
    agree(doc["case"]["title"] == entry(0, 1)[2].get("title") and len(set(derivations)) == len(derivations))
    agree(doc["asOf"] == datetime.datetime.fromtimestamp(time // 1000, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S") + ".%03dZ" % (time % 1000))
    for one in doc["derivations"]:
        _, authority, subject, _ = entry(one["entry"], 5); agree(all(subject.get(key) == one[key] for key in ("capture", "format", "decoder")) and authority == one["authority"])
        agree((one["complete"] is None) == (one["totals"] is None))
        if one["totals"] is None: continue
        _, _, subject, detail = entry(one["complete"], 16); agree(subject.get("derivation") == one["entry"] and one["totals"].items() <= json.loads(detail.get("totals", "{}")).items())
    agree(all(one["derivation"] in derivations for one in doc["segments"]))
    for key in DISPOSED.split():
        parts = [one["totals"] and one["totals"][key] for one in doc["derivations"]]
        need(doc["completeness"][key] == (None if None in parts else sum(parts)), "EXHIBIT_COUNT_MISMATCH", 'the count "%s" is not the sum' % key)
def check_counts(doc, proven):
    def agree(ok): need(ok, "EXHIBIT_COUNT_MISMATCH", "a count or list is not that of the exhibit")
    roles, found, findings, listed = [leaf["role"] for leaf in doc["leaves"]], {}, {}, set()
    agree(doc["completeness"]["shown"] == roles.count("selected") and doc["completeness"]["context"] == roles.count("context"))
    for leaf, (_, name, derive) in zip(doc["leaves"], proven):
        if leaf["kind"] == 1: found[derive, name] = found.get((derive, name), 0) + 1
        else: findings[leaf["index"]] = derive
    for one in doc["conversations"]:
        shown = found.pop((one["derivation"], False if one["nameWithheld"] else one["conversation"]), None)
        agree(shown == one["shown"] and (one["held"] == "unknown" or one["held"] >= one["shown"]))
    for one in doc["derivations"] + doc["conversations"]: agree(all(findings.get(index) == one.get("derivation", one.get("entry")) for index in one["findings"])); listed |= set(one["findings"])
    agree(not found and len(listed) == len(findings))
def check_redactions(doc, proven):
    def agree(ok): need(ok, "EXHIBIT_REDACTION_MISMATCH", "what is withheld is not what the exhibit says is withheld")
    touched = [0] * len(doc["redactions"])
    for leaf, (hidden, _, _) in zip(doc["leaves"], proven):
        said, because = leaf["withheld"] + ((doc["redacted"] + ([] if leaf["raw"] else ["raw"])) if leaf["kind"] == 1 else []), leaf["because"]
        agree(set(hidden) == set(said) and any(name != "raw" for name in hidden) == bool(because) and len(set(because)) == len(because) and max(because, default=-1) < len(touched))
        for rule in because: touched[rule] += 1
    whole = {rule["field"] for rule in doc["redactions"] if rule["what"] in ("field", "media")}
    agree([rule["items"] for rule in doc["redactions"]] == touched and set(doc["redacted"]) <= whole)
def check_mentions(doc):
    texts = {leaf["index"]: leaf["fields"][9] for leaf in doc["leaves"] if leaf["kind"] == 1}
    for one in doc.get("mentions", ()):
        field, gaps, at = texts.pop(one["index"], DIGEST), [], 0
        for part in field.get("pieces", [field]): at, gaps = at + len(part.get("value") or "") // 2, gaps + [at] * ("value" not in part)
        need(field is not DIGEST and all(m["start"] < m["end"] <= at and bisect.bisect_right(gaps, m["start"]) == bisect.bisect_left(gaps, m["end"]) for m in one["found"]),
             "EXHIBIT_MENTION_MISMATCH", "a mention in item %d is not in what is shown of its text" % one["index"])
def check_files(doc, files):
    known = {"exhibit.json", "exhibit.html", "checkpoint", "verify.py", *(["exhibit.pdf"] if doc["pdf"] is not None else [])}
    for n, one in enumerate(doc["anchors"], 1):
        names = ["anchors/%d/%s" % (n, name) for name in ["checkpoint"] + ["token.tsr"] * (one["tsa"] is not None) + ["authority.pem"] * one["authority"]]
        need(all(name in files for name in names), "EXHIBIT_MEMBER_MISSING", "files of anchor %d are not there" % n)
        need(files[names[0]] == one["checkpoint"].encode(), "EXHIBIT_MEMBER_ALTERED", names[0] + " is not the one in exhibit.json"); known |= set(names)
    for leaf in doc["leaves"]:
        need(leaf["raw"] == ["raw/%d-%d.bin" % (leaf["index"], i) for i in range(len(leaf["raw"]))], "EXHIBIT_RAW_MISMATCH", "raw records of another item")
        known |= set(leaf["raw"] + leaf["media"])
    need(set(files) <= known, "EXHIBIT_MEMBER_UNKNOWN", "files that belong to no item: %s" % sorted(set(files) - known)[:5])
    need(all("/" in name or name in files for name in known), "EXHIBIT_MEMBER_MISSING", "there is no %s" % sorted(known - set(files))[:1])
    need(files["checkpoint"] == doc["checkpoint"].encode(), "EXHIBIT_MEMBER_ALTERED", "checkpoint is not the one in exhibit.json")
    need(doc["pdf"] in (None, H(files.get("exhibit.pdf", b"")).hex()), "EXHIBIT_MEMBER_ALTERED", "exhibit.pdf is not the one that exhibit.json names")
def check_page(files):
    before, mark, rest = files["exhibit.html"].partition(b'<script type="application/json" id="exhibit">'); data, end, after = rest.partition(b"</script>")
    need(H(before, mark, end, after).hex() == PAGE_FRAME and data == files["exhibit.json"].replace(b"<", b"\\u003c"), "EXHIBIT_VIEW_MISMATCH", "exhibit.html does not show what exhibit.json holds: it was edited")
def verify(path, pinned=None, authority=None):
    members = read_members(path); files = open_bag(members); need("exhibit.json" in files, "EXHIBIT_MEMBER_MISSING", "there is no exhibit.json")
    try: doc = json.loads(files["exhibit.json"].decode())
    except (ValueError, RecursionError): doc = None
    need(fits(isinstance(doc, dict) and dict({"mentions": []}, **doc), SHAPE), "EXHIBIT_MALFORMED", "exhibit.json has another form than exhibits have"); check_files(doc, files)
    need(members["bag-info.txt"] == bag_info(doc, files), "EXHIBIT_MEMBER_ALTERED", "bag-info.txt was altered")
    own, entries, segments = read_key(doc["verifierKey"]), {}, {}; checkpoint = read_checkpoint(doc["checkpoint"], read_key(pinned) if pinned else own)
    need(checkpoint[:2] == (doc["case"]["origin"], doc["size"]) and pinned in (None, doc["verifierKey"]), "EXHIBIT_COUNT_MISMATCH", "origin, size or key differ")
    check_anchors(doc, own, checkpoint)
    for one in doc["entries"]: need(one["entry"] not in entries, "EXHIBIT_ENTRY_MISMATCH", "entry %d is shown twice" % one["entry"]); entries[one["entry"]] = statement_of(one, checkpoint)
    for one in doc["segments"]:
        need(one["entry"] not in segments, "EXHIBIT_SEGMENT_MISMATCH", "segment %d is shown twice" % one["entry"]); kind, raw = entry_of(one, checkpoint)
        segments[one["entry"]] = (*(int.from_bytes(raw[a:b], "big") for a, b in ((126, 134), (142, 150), (150, 154))), raw[154:186])
        need(kind == 6 and segments[one["entry"]][0] == one["derivation"], "EXHIBIT_SEGMENT_MISMATCH", "entry %d is no segment of that run" % one["entry"])
    proven = {}
    for leaf in doc["leaves"]:
        need(leaf["index"] not in proven, "EXHIBIT_ITEM_MISMATCH", "item %d stands in the exhibit twice" % leaf["index"]); proven[leaf["index"]] = leaf_of(leaf, segments, files)
    check_statements(doc, entries), check_counts(doc, proven.values()), check_redactions(doc, proven.values()), check_mentions(doc), check_page(files)
    return doc, len(members), sum(len(hidden) for hidden, _, _ in proven.values()), *check_stamps(doc, files, authority)
def main(arguments):
    rest, given = [one for one in arguments if one != "--json"], {"--verifier-key": None, "--tsa-ca": None}
    for flag in given:
        if flag in rest[:-1]: given[flag], rest = rest[rest.index(flag) + 1], rest[:rest.index(flag)] + rest[rest.index(flag) + 2:]
    if len(rest) > 1 or any(one.startswith("-") for one in rest): sys.exit(__doc__)
    pinned, as_json = given["--verifier-key"], "--json" in arguments
    try: doc, members, hidden, said, left = verify(rest[0] if rest else os.path.dirname(os.path.dirname(os.path.abspath(__file__))), *given.values())
    except Refused as error: return print(json.dumps({"ok": False, "code": error.args[0], "message": error.args[1]}) if as_json else "result       FAILED: %s: %s" % error.args) or 3
    items, left = sum(leaf["kind"] == 1 for leaf in doc["leaves"]), ([] if pinned else ["WHOSE KEY signed: it came with the exhibit. Pin it with --verifier-key"]) + left + NOT_CHECKED
    lines = ["log          %s, %d entries" % (doc["case"]["origin"], doc["size"]),
             "key          %s  %s" % ("pinned by you" if pinned else "SELF-ASSERTED: it came with the exhibit", doc["verifierKey"]),
             "checked      %d files, %d items, %d findings; %d fields withheld" % (members, items, len(doc["leaves"]) - items, hidden),
             *said, *("not checked  " + line for line in left), "result       everything checked agrees"]
    return print(json.dumps({"ok": True, "key": "pinned" if pinned else "self-asserted", "items": items, "notChecked": left}) if as_json else "\n".join(lines)) or 0
if __name__ == "__main__": sys.exit(main(sys.argv[1:]))
