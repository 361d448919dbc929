"""Match quality beside peers: the four shared judged sets, every run scored alike by the independent scorer.

  python benches/match_quality.py SHARED WORK [SET …]

Needs a release build (or DUIJIE=path of a binary) and the peers of SHARED/eval/setup.sh: run with the Python it makes, and
with PEERS_DIR as it was given to setup.sh. Prints a Markdown table. Runs are made once and kept in WORK, but ours, which is
made anew each time.

The peers read what `judged.py export` writes: all texts of a listing as one, all that is known of a firm as one bag. Lucene 8
(BM25, its defaults) with three analyzers: words cut by jieba ("words"), its own for Chinese ("smartcn"), its character pairs
("cjk"). bm25s on the words. "popular" gives a query the listings that most often stand among the first 20 of our lists for
all other queries, ties by listing id; it knows nothing of the query. "random" draws listings with a fixed seed.
"""
import collections, os, random, subprocess, sys

DEPTH = 1000
FIRST = 20
SEED = 1
SETS = ["own-patents", "needs", "profiles", "cold-start"]
NAMES = {
    "duijie": "duijie",
    "lucene-cjk": "Lucene 8, cjk",
    "lucene-pretok": "Lucene 8, words",
    "lucene-smartcn": "Lucene 8, smartcn",
    "bm25s": "bm25s, words",
    "popular": "popular",
    "random": "random",
}


def ours(binary, folder, path):
    subprocess.run([binary, "eval", "run", folder, "-k", str(DEPTH), "--out", path, "--json"], check=True,
                   stdout=subprocess.DEVNULL)


def lucene(shared, analyzer, work, path):
    ending = "tok" if analyzer == "pretok" else "txt"
    files = [f"{work}/docs.{ending}.tsv", f"{work}/queries.{ending}.tsv"]
    subprocess.run(["bash", f"{shared}/eval/lucene.sh", analyzer, "1", *files, str(DEPTH), path], check=True,
                   stdout=subprocess.DEVNULL)


def write(path, rankings, tag):
    """A run in TREC's form; the scores say no more than the order."""
    with open(f"{path}.new", "w", encoding="utf-8") as file:
        for query, listings in rankings:
            file.writelines(f"{query} Q0 {listing} {place + 1} {DEPTH - place} {tag}\n"
                            for place, listing in enumerate(listings[:DEPTH]))
    os.replace(f"{path}.new", path)


def popular(run, queries):
    """For each query, the listings that most often stand among the first of the lists of all others."""
    counts = collections.Counter(listing for ranking in run.values() for listing in ranking[:FIRST])
    for query in queries:
        own = set(run.get(query, [])[:FIRST])
        others = ((-(count - (listing in own)), listing) for listing, count in counts.items())
        yield query, [listing for count, listing in sorted(others) if count < 0]


def drawn(ids, queries):
    chance = random.Random(SEED)
    for query in queries:
        yield query, chance.sample(ids, min(DEPTH, len(ids)))


def runs(shared, work, folder, judged):
    """Every system's run file on one set."""
    os.makedirs(work, exist_ok=True)
    listings, queries, _ = judged.load(folder)
    ids, names = [listing["id"] for listing in listings], [query for query, _ in queries]
    paths = {system: f"{work}/{system}.run" for system in NAMES}
    ours(os.environ.get("DUIJIE", "target/release/duijie"), folder, paths["duijie"])
    if not os.path.exists(f"{work}/queries.txt.tsv"):
        subprocess.run([sys.executable, f"{shared}/eval/judged.py", "export", folder, work], check=True)
    for analyzer in ("cjk", "pretok", "smartcn"):
        path = paths[f"lucene-{analyzer}"]
        if not os.path.exists(path):
            lucene(shared, analyzer, work, f"{path}.new")
            os.replace(f"{path}.new", path)
    if not os.path.exists(paths["bm25s"]):
        subprocess.run([sys.executable, f"{shared}/eval/bm25_peer.py", folder, f"{paths['bm25s']}.new"], check=True,
                       stdout=subprocess.DEVNULL)
        os.replace(f"{paths['bm25s']}.new", paths["bm25s"])
    write(paths["popular"], popular(judged.read_run(paths["duijie"]), names), "popular")
    write(paths["random"], drawn(ids, names), "random")
    return paths


def main():
    shared, work, *wanted = sys.argv[1:]
    sys.path.insert(0, f"{shared}/eval")
    import judged

    print("| set | system | nDCG@10 | Recall@100 | MRR | class-P@20 |\n|---|---|---|---|---|---|")
    for name in wanted or SETS:
        folder = f"{shared}/data/judged/{name}"
        listings, _, relevant = judged.load(folder)
        for system, path in runs(shared, f"{work}/{name}", folder, judged).items():
            run = judged.read_run(path)
            figures = judged.score(relevant, run)
            in_field, _ = judged.class_precision(listings, relevant, run)
            cells = [figures["ndcg@10"], figures["recall@100"], figures["mrr"], in_field]
            print(f"| {name} | {NAMES[system]} | " + " | ".join(f"{cell:.4f}" for cell in cells) + " |", flush=True)


if __name__ == "__main__":
    main()
