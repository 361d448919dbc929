"""Matching beside Lucene, bm25s and tantivy: the same words, one thread, the same k, in alternating rounds.

  python benches/match.py [speed] ../shared WORK [ROUNDS]    100,000 documents, 500 profiles of 40 words, k 100; and match
                                                             quality on own-patents at k 1000
  python benches/match.py growth  ../shared WORK [ROUNDS]    ours alone on 10,000, 100,000 and 1,000,000 documents
  python benches/match.py index   ../shared WORK [ROUNDS]    indexing 21,167 texts with two threads, beside Lucene smartcn

Run it with the Python that ../shared/eval/setup.sh makes (in $PEERS_DIR/venv where that is set), after
`cargo build --release`. $DUIJIE names another program to measure. Work is made once and kept in WORK, which is not to
be published: its texts are those of ../shared. Figures are medians with their range; a ratio is taken within a round,
above 1 where the peer is slower. Every peer runs for itself, one at a time; memory is the most a process held.
"""
import json, os, shutil, statistics, subprocess, sys

COMMANDS = ("speed", "growth", "index")
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
DUIJIE = os.environ.get("DUIJIE", os.path.join(ROOT, "target", "release", "duijie"))
SIZES = (10_000, 100_000, 1_000_000)
SOURCES = ("titled-abstracts", "unlabelled-abstracts", "university-sysu")


def run(command, **options):
    """What a program says on standard output, and the most memory it held, in megabytes."""
    try:
        child = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True, **options)
    except OSError as error:
        sys.exit(f"cannot run {command[0]}: {error.strerror}; build it first (see the head of this file)")
    said = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"this failed with exit code {child.returncode}: {' '.join(map(str, command))}\n{said}")
    return said, used.ru_maxrss / (1 if sys.platform != "darwin" else 1024) / 1024


def figures(command, **options):
    """The `name=value` pairs of the line a program prints, as numbers, with its peak of memory."""
    said, megabytes = run(command, **options)
    line = said.strip().splitlines()[-1]
    print(f"  {line} peak_mb={megabytes:.0f}", flush=True)
    pairs = [part.split("=", 1) for part in line.split() if "=" in part]
    return {**{name: float(value) for name, value in pairs if value.replace(".", "", 1).isdigit()}, "peak_mb": megabytes}


def evaluation(name, *arguments):
    return [sys.executable, "-B", os.path.join(SHARED, "eval", name), *arguments]


def lucene(*arguments):
    return ["bash", os.path.join(SHARED, "eval", "lucene.sh"), *arguments]


def ours(work, k, out):
    return [DUIJIE, "bench", "match", "--docs", f"{work}/docs.tok.tsv", "--queries", f"{work}/queries.tok.tsv",
            "--threads", 1, "-k", k, "--run", out]


def made(name, command):
    """The folder with a piece of work, made by `command` if it is not there. A file behind it says that it is whole."""
    folder = os.path.join(WORK, name)
    if not os.path.exists(folder + ".done"):
        shutil.rmtree(folder, ignore_errors=True)
        print(f"making {folder} …", flush=True)
        run(command(folder), stderr=subprocess.DEVNULL)
        open(folder + ".done", "w").close()
    return folder


def tantivy():
    """The compiled peer."""
    said, _ = run(["cargo", "bench", "--bench", "tantivy_peer", "--no-run", "--message-format=json"], cwd=ROOT)
    built = [json.loads(line) for line in said.splitlines()]
    return next(one["executable"] for one in built
                if one.get("executable") and one["target"]["name"] == "tantivy_peer")


def spread(values, digits):
    low, high = min(values), max(values)
    return f"{statistics.median(values):.{digits}f} ({low:.{digits}f}–{high:.{digits}f})"


def figure(measured, column):
    """A figure of one program, or None. What the peers call index_s is build_s with ours."""
    return measured.get(column, measured.get("build_s") if column == "index_s" else None)


def table(rounds, columns):
    """Medians of each program, and the ratios to ours. A round is {program: figures}; ours is called duijie."""
    print(f"\n{'':14}" + "".join(f"{column:>28}" for column in columns))
    for name in rounds[0]:
        cells = []
        for column in columns:
            values = [figure(one[name], column) for one in rounds]
            cells.append(spread(values, 0 if column == "peak_mb" else 3) if None not in values else "–")
        print(f"{name:14}" + "".join(f"{cell:>28}" for cell in cells))
    for name in [name for name in rounds[0] if name != "duijie"]:
        cells = []
        for column in columns:
            pairs = [[figure(one[program], column) for program in (name, "duijie")] for one in rounds]
            complete = all(None not in pair and pair[1] > 0 for pair in pairs)
            cells.append(spread([theirs / our for theirs, our in pairs], 2) if complete else "–")
        print(f"{name + ' / duijie':22}" + f"{cells[0]:>20}" + "".join(f"{cell:>28}" for cell in cells[1:]))


def speed(rounds=5):
    own = made("own", lambda out: evaluation("judged.py", "export", f"{SHARED}/data/judged/own-patents", out))
    work = made("g100k", lambda out: evaluation("generate.py", 100_000, 500, 40, 1, out))
    docs, queries, peer = f"{work}/docs.tok.tsv", f"{work}/queries.tok.tsv", tantivy()
    measured = []
    for number in range(int(rounds)):
        print(f"round {number + 1}", flush=True)
        measured.append({
            "duijie": figures(ours(work, 100, f"{WORK}/duijie.run")),
            "lucene": figures(lucene("pretok", 1, docs, queries, 100, f"{WORK}/lucene.run")),
            "bm25s": figures(evaluation("bm25s_tsv.py", docs, queries, 100), stderr=subprocess.DEVNULL),
            "tantivy": figures([peer, docs, queries, 100]),
        })
    table(measured, ("mean_ms", "p50_ms", "p99_ms", "index_s", "peak_mb"))
    print("\nquality on own-patents (k 1000, the same words)")
    run(ours(own, 1000, f"{own}/duijie.run"))
    run(lucene("pretok", 1, f"{own}/docs.tok.tsv", f"{own}/queries.tok.tsv", 1000, f"{own}/lucene.run"))
    run([peer, f"{own}/docs.tok.tsv", f"{own}/queries.tok.tsv", 1000, f"{own}/tantivy.run"])
    for name in ("duijie", "lucene", "tantivy"):
        said, _ = run(evaluation("judged.py", "score", f"{SHARED}/data/judged/own-patents/qrels.txt", f"{own}/{name}.run"))
        print(said.strip())


def growth(rounds=1):
    """Each size begins with the one before, and the profiles are the same: only the number of documents differs."""
    files = [f"{SHARED}/data/patents/{name}.jsonl.gz" for name in SOURCES]
    rows = []
    for size in SIZES:
        work = made(f"grown-{size}", lambda out: [DUIJIE, "bench", "generate", "--patents", *files, "--listings", size,
                                                  "--profiles", 500, "--out", out])
        print(f"{size} documents", flush=True)
        several = [figures(ours(work, 100, f"{WORK}/duijie.run")) for _ in range(int(rounds))]
        rows.append({name: statistics.median(one[name] for one in several) for name in several[0]})
    names = [name for name in rows[0] if name not in ("queries", "terms")]
    print("\n" + "".join(f"{name:>16}" for name in names) + f"{'bytes a doc':>16}")
    for row in rows:
        cells = [f"{row[name]:.0f}" if row[name] >= 1000 else f"{row[name]:.3f}" for name in names]
        print("".join(f"{cell:>16}" for cell in cells) + f"{row['peak_mb'] * 2**20 / row['docs']:>16.0f}")


def index(rounds=5):
    work = made("texts", lambda out: evaluation("judged.py", "texts", out))
    docs, queries, folder = f"{work}/docs.txt.tsv", f"{work}/queries.txt.tsv", f"{WORK}/index"
    measured = []
    for number in range(int(rounds)):
        print(f"round {number + 1}", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        measured.append({
            "duijie": figures([DUIJIE, "bench", "index", "--docs", docs, "--threads", 2, "--dir", folder]),
            "lucene-smartcn": figures(lucene("smartcn", 2, docs, queries, 100, f"{WORK}/smartcn.run")),
        })
    shutil.rmtree(folder, ignore_errors=True)
    table(measured, ("index_s", "peak_mb"))


if __name__ == "__main__":
    arguments = sys.argv[1:]
    command = arguments.pop(0) if arguments and arguments[0] in COMMANDS else "speed"
    if not 2 <= len(arguments) <= 3:
        sys.exit(__doc__)
    SHARED, WORK = map(os.path.abspath, arguments[:2])
    os.makedirs(WORK, exist_ok=True)
    {"speed": speed, "growth": growth, "index": index}[command](*arguments[2:])
