#!/usr/bin/env python3
"""Gives each target something to begin with: the vectors of the ledger, the attack suite, the demo's files."""

import base64
import gzip
import json
import shutil
import subprocess
import tempfile
import tomllib
from pathlib import Path

FUZZ = Path(__file__).parent
ROOT = FUZZ.parent


def seed(target, number, content):
    folder = FUZZ / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    content = content.encode() if isinstance(content, str) else content
    (folder / f"seed-{number}").write_bytes(content)


ledger = json.loads((ROOT / "tests/vectors/ledger/gongshu.json").read_text())
witness = json.loads((ROOT / "tests/vectors/ledger/witness.json").read_text())
key, signed = ledger["log"]["verifier_key"], ledger["checkpoint"]["signed"]
seed("notes", 0, f"{key}\n{signed}")
for number, request in enumerate(witness["requests"]):
    body = request.get("body") or ""
    seed("witness", number, f"{witness['witness']['verifier_key']}\n{request['request']}\n--\n{body}")
for number, policy in enumerate(witness["policies"]):
    seed("policies", number, policy["policy"])
trust = witness["policies"][0]["policy"]
for number, receipt in enumerate(ledger["receipts"]):
    seed("receipts", number, f"{trust}\n--\n{receipt['receipt']}")
for number, answer in enumerate(ledger["answer_files"]):
    text = answer.get("file") or json.dumps(answer)
    seed("receipts", f"answer-{number}", f"{trust}\n--\n{text}")
entries = [leaf["entry"].encode() for leaf in ledger["leaf_hashes"]]
seed("tiles", 0, b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries))
roots = [base64.b64decode(leaf["base64"]) for leaf in ledger["leaf_hashes"]]
seed("tiles", 1, f"tile/0/000.p/{len(roots)}\n".encode() + b"".join(roots))
if shutil.which("openssl"):
    query = ["openssl", "ts", "-query", "-data", __file__, "-sha256", "-cert"]
    seed("stamps", 0, subprocess.run(query, check=True, capture_output=True).stdout)
    with tempfile.TemporaryDirectory() as folder:
        key, certificate, request, asked, signed = (f"{folder}/{name}" for name in ("key", "cert", "req", "ocsp", "cms"))
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-subj", "/CN=x"]
        made = [
            ["req", "-x509", *curve, "-out", certificate],
            ["req", "-new", "-key", key, "-subj", "/CN=x", "-outform", "DER", "-out", request],
            ["ocsp", "-issuer", certificate, "-cert", certificate, "-reqout", asked],
            ["cms", "-sign", "-binary", "-in", __file__, "-signer", certificate, "-inkey", key, "-outform", "DER", "-out", signed],
        ]
        for arguments in made:
            subprocess.run(["openssl", *arguments], check=True, capture_output=True)
        for number, file in enumerate((request, asked, signed)):
            seed("certificates", number, Path(file).read_bytes())
rows = b't,i,f,m,d\n"a ""b""",1,2.5,3.00,2020-01-31\n,NA,x,9999999999999999.99,2020/2/30\n'
for switches in (0x80, 0x8D, 0x82):
    seed("sources", switches, bytes([switches]) + rows)
seed("sources", "gzip", bytes([0x90]) + gzip.compress(rows, mtime=0))
seed("models", 0, (ROOT / "demo/models/haze.onnx").read_bytes())
seed("models", 1, (ROOT / "crates/engine/tests/models/ratio.wat").read_bytes())
number = 0
for family in sorted((ROOT / "crates/engine/tests/attacks").glob("*.toml")):
    for attack in tomllib.loads(family.read_text()).get("attack", []):
        seed("queries", number, attack["sql"])
        number += 1
