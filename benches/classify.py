"""The classifier beside scikit-learn, on the same rows, in the same run.

  python benches/classify.py titles  ../shared WORK [field|subclass ...]   the fixed 70/30 split of the gazette's titles
  python benches/classify.py fewshot ../shared WORK [REPEATS]              five stratified folds, again and again, of fewshot-36
  python benches/classify.py fit     ../shared WORK [ROUNDS]               fitting alone, on the peer's own sparse features

Needs a Python with scikit-learn and jieba (../shared/eval/setup.sh makes one) and target/release/duijie. The peer is
../shared/eval/linear_peer.py: its features, its learner, its settings.
"""
import json, os, random, statistics, subprocess, sys, time

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

TASK, SHARED, WORK = sys.argv[1:4]
REST = sys.argv[4:]
sys.path.insert(0, os.path.join(SHARED, "eval"))
sys.dont_write_bytecode = True
import linear_peer  # noqa: E402

DUIJIE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "target", "release", "duijie")
PATENTS = os.path.join(SHARED, "data", "patents")
# Student's t, 97.5 %, by degrees of freedom.
T = {4: 2.776, 24: 2.064}


def run(*arguments):
    return json.loads(subprocess.run([DUIJIE, *arguments, "--json"], check=True, capture_output=True, text=True).stdout)


def ours(train, test, label, *options):
    out = os.path.join(WORK, "model")
    start = time.time()
    trained = run("classify", "train", "--train", *train, "--label", label, "--out", out, *options)
    seconds = time.time() - start
    found = run("classify", "evaluate", "--model", out, "--test", test, "--label", label)
    return found, seconds, trained["bytes"]


def vectorised(train, test):
    vectorizer = TfidfVectorizer(analyzer=linear_peer.features, sublinear_tf=True, min_df=2, dtype=np.float32)
    return vectorizer.fit_transform(train), vectorizer.transform(test)


def peer(train, test, label):
    """The peer's accuracy and macro-F1, as linear_peer.py computes them."""
    train, test = ([(r, linear_peer.label(r, label)) for r in rows] for rows in (train, test))
    train, test = ([(r, y) for r, y in rows if y is not None] for rows in (train, test))
    x, xt = vectorised([r for r, _ in train], [r for r, _ in test])
    model = LinearSVC(C=0.5, class_weight="balanced" if label == "label" else None).fit(x, [y for _, y in train])
    top = np.argsort(-model.decision_function(xt), 1)[:, :3]
    truth, said = np.array([y for _, y in test]), model.classes_[top[:, 0]]
    return {"accuracy": float(np.mean(said == truth)),
            "top3": float(np.mean([t in model.classes_[k] for t, k in zip(truth, top)])),
            "macro_f1": f1_score(truth, said, average="macro", zero_division=0)}


def split():
    prefix = os.path.join(WORK, "gazette")
    if not os.path.exists(prefix + ".test.jsonl.gz"):
        subprocess.run([sys.executable, os.path.join(SHARED, "eval", "split.py"),
                        os.path.join(PATENTS, "gazette-2019-07-09.jsonl.gz"), prefix], check=True)
    return prefix + ".train.jsonl.gz", prefix + ".test.jsonl.gz"


def titles():
    train, test = split()
    for label in REST or ["field", "subclass"]:
        theirs = peer(linear_peer.read(train), linear_peer.read(test), label)
        found, seconds, size = ours([train], test, label)
        print(f"{label}: rows {found['rows']}")
        for name in ("accuracy", "top3", "macro_f1"):
            print(f"  {name:9} ours {found[name]:.4f}  peer {theirs[name]:.4f}  {100 * (found[name] - theirs[name]):+.2f}")
        print(f"  ece {found['ece']:.4f}  certain {found['certain']}  trained in {seconds:.0f} s, {size / 1e6:.1f} MB", flush=True)


def fewshot():
    rows = linear_peer.read(os.path.join(PATENTS, "fewshot-36.train.jsonl.gz"))
    labels = np.array([r["label"] for r in rows])
    repeats = int(REST[0]) if REST else 5
    pairs = []
    for repeat in range(repeats):
        for train, test in StratifiedKFold(5, shuffle=True, random_state=repeat).split(rows, labels):
            paths = []
            for name, part in (("train", train), ("test", test)):
                paths.append(os.path.join(WORK, f"fewshot.{name}.jsonl"))
                with open(paths[-1], "w", encoding="utf-8") as file:
                    file.writelines(json.dumps(rows[i], ensure_ascii=False) + "\n" for i in part)
            theirs = peer([rows[i] for i in train], [rows[i] for i in test], "label")
            found, _, _ = ours([paths[0]], paths[1], "label", *REST[1:])
            pairs.append((found["macro_f1"], theirs["macro_f1"], found["accuracy"], theirs["accuracy"]))
        mean = np.mean(pairs, axis=0)
        print(f"after {len(pairs)} folds: macro_f1 ours {mean[0]:.4f} peer {mean[1]:.4f}  "
              f"accuracy ours {mean[2]:.4f} peer {mean[3]:.4f}", flush=True)
    for name, ours_at, theirs_at in (("macro_f1", 0, 1), ("accuracy", 2, 3)):
        gaps = [100 * (p[ours_at] - p[theirs_at]) for p in pairs]
        half = T.get(len(gaps) - 1, 2.0) * statistics.stdev(gaps) / len(gaps) ** 0.5
        print(f"{name}: {statistics.mean(gaps):+.2f} points, paired 95 % interval ±{half:.2f}")


def fit():
    train, test = split()
    train, test = ([(r, linear_peer.label(r, "subclass")) for r in linear_peer.read(path)] for path in (train, test))
    train, test = ([(r, y) for r, y in rows if y is not None] for rows in (train, test))
    x, xt = vectorised([r for r, _ in train], [r for r, _ in test])
    classes = sorted({y for _, y in train})
    place = {y: i for i, y in enumerate(classes)}
    for name, rows, matrix in (("train", train, x), ("test", test, xt)):
        with open(os.path.join(WORK, f"{name}.svm"), "w") as file:
            for i, (_, y) in enumerate(rows):
                span = slice(*matrix.indptr[i:i + 2])
                pairs = sorted(zip(matrix.indices[span], matrix.data[span]))
                file.write(f"{place.get(y, len(classes))} " + " ".join(f"{c}:{v:.7g}" for c, v in pairs) + "\n")
    truth = np.array([y for _, y in test])
    ratios = []
    for _ in range(int(REST[0]) if REST else 5):
        found = run("bench", "fit", "--train", os.path.join(WORK, "train.svm"), "--test", os.path.join(WORK, "test.svm"),
                    "--threads", "2")
        start = time.time()
        model = LinearSVC(C=0.5).fit(x, [y for _, y in train])
        seconds = time.time() - start
        accuracy = float(np.mean(model.predict(xt) == truth))
        ratios.append(seconds / found["fit_s"])
        print(f"classes {len(classes)} rows {x.shape[0]} features {x.shape[1]}: ours {found['fit_s']:.2f} s "
              f"(accuracy {found['accuracy']:.4f}), peer {seconds:.2f} s ({accuracy:.4f}), ratio {ratios[-1]:.2f}", flush=True)
    print(f"median ratio {statistics.median(ratios):.2f}")


os.makedirs(WORK, exist_ok=True)
random.seed(0)
{"titles": titles, "fewshot": fewshot, "fit": fit}[TASK]()
