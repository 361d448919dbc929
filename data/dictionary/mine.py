#!/usr/bin/env python3
"""Finds technical terms that jieba's dictionary lacks in a folder of patent texts.

    mine.py count FOLDER [--extra FILE ...] > candidates.tsv
    mine.py select candidates.tsv > technology.txt

FOLDER holds *.jsonl.gz, one patent an object; every string field named in FIELDS is read.
An extra FILE is a CSV (.gz or not) whose EXTRA columns are read as short texts (IPC titles, industry names).
`select` needs no texts: it applies rules.txt, rejected.txt and added.txt beside this script.
Same input, same output. Needs jieba 0.42.1.
"""

import argparse
import csv
import gzip
import json
import math
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import jieba

HERE = Path(__file__).resolve().parent
FIELDS = ("title", "abstract", "claim_main", "claim_indep", "tech_field", "background")
EXTRA = ("title_zh", "name", "remark")
MIN_DOCUMENTS = 3
MAX_TOKENS = 5
MAX_CHARS = 8

CHUNK = re.compile(r"[\u4e00-\u9fff a-z0-9]+")
LATIN = re.compile(r"[a-z0-9]+")
NUMERAL = re.compile(r"[0-9]+|[一二三四五六七八九十两]")
HAN = re.compile(r"[\u4e00-\u9fff]")

# Tokens that end a phrase: no term contains them, and a neighbour among them counts as a free edge.
BREAKS = set(
    "的 了 和 与 或 及 以及 及其 其 在 为 是 于 以 对 等 将 被 由 从 之 该 此 这 那 而 且 并 则 使 使得 所 所述 其中 "
    "其特征 特征 在于 一种 一个 个 多个 至少 若干 每个 各 各个 有 具有 设有 包括 包含 含有 "
    "用于 通过 根据 基于 采用 利用 进行 本 本发明 发明 实用新型 公开 提供 涉及 属于 领域 技术领域 方法 步骤 如下 以下 "
    "上述 下述 前述 或者 还 也 可 可以 能 能够 不 不同 按 按照 当 时 后 前 内 外 中 上 下 间 之间 到 至 向 与其 用 来 "
    "第一 第二 第三 第四 第五 第六 第 种 由于 因此 从而 以便 例如 如 比如 另 另外 另一 相应 对应 分别 任意 任一 它 其它 "
    "其他 均 都 就 已 未 无 没有 非 很 更 较 最 再 又 若 如果 即 得到 得 获得 形成 制成 组成 构成 位于 设置 连接 安装 固定 "
    "设于 置于 朝 沿 沿着 关于 有关 相关 所需 需要 要 会 应 应用 使用 作为 称 入 见 及用 与之 一端 另一端 一侧 两侧 两端 "
    "实现 完成 解决 提高 降低 减少 增加 改善 避免 防止 保证 确保 达到 具备 存在 产生 发生 导致 造成 属 例 优选 优选地 "
    "可选 可选地 多 少 大 小 高 低 好 及时 同时 然后 最后 首先 其次 接着 之后 之前 以上 以下 以内 以外 左右 个别 一定 "
    "克 毫克 千克 公斤 升 毫升 份 重量份 质量份 分钟 小时 秒 天 次 倍 项 条 件 张 片 只 台 套 组 根 块 层 类 种类".split()
)


def normalise(text):
    return unicodedata.normalize("NFKC", text).lower()


def documents(folder, extras):
    """Yields lists of texts; a text seen before is left out."""
    seen = set()

    def fresh(texts):
        return [t for t in texts if t and not (t in seen or seen.add(t))]

    for path in sorted(Path(folder).glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                yield fresh(row[f] for f in FIELDS if isinstance(row.get(f), str))
    for name in extras:
        opener = gzip.open if name.endswith(".gz") else open
        with opener(name, "rt", encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                yield fresh(row[f] for f in EXTRA if row.get(f))


def segment(texts):
    """Token lists of one document, one for each run without punctuation."""
    for text in texts:
        for chunk in CHUNK.findall(normalise(text)):
            for part in chunk.split():
                yield list(jieba.cut(part, HMM=False))


def corpus(folder, extras):
    """The texts as chunks of token numbers, document by document, and the vocabulary.

    0 stands for a break; 1 for a numeral, which no term holds and which is no free edge (六 | 轴机器人).
    """
    numbers, vocabulary, result = {}, ["", ""], []
    for texts in documents(folder, extras):
        chunks = []
        for tokens in segment(texts):
            chunk = [0]
            for token in tokens:
                if token in BREAKS or NUMERAL.fullmatch(token):
                    edge = 0 if token in BREAKS else 1
                    if chunk[-1] > 1:
                        chunk.append(edge)
                    chunk[-1] = edge
                    continue
                number = numbers.get(token)
                if number is None:
                    number = numbers[token] = len(vocabulary)
                    vocabulary.append(token)
                chunk.append(number)
            if chunk[-1]:
                chunk.append(0)
            if len(chunk) > 2:
                chunks.append(chunk)
        if chunks:
            result.append(chunks)
    return result, vocabulary


def frequent(docs, vocabulary):
    """Occurrences and documents of token runs, grown from shorter frequent runs."""
    length = [len(word) for word in vocabulary]
    single = Counter(t for chunks in docs for chunk in chunks for t in chunk if t > 1)
    runs, spread = {(t,): n for t, n in single.items()}, {}
    for size in range(2, MAX_TOKENS + 1):
        count, in_documents = Counter(), Counter()
        for chunks in docs:
            local = Counter()
            for chunk in chunks:
                for i in range(len(chunk) - size + 1):
                    run = tuple(chunk[i : i + size])
                    if min(run) < 2 or run[1:] not in runs or run[:-1] not in runs:
                        continue
                    if sum(length[t] for t in run) <= MAX_CHARS:
                        local[run] += 1
            count.update(local)
            in_documents.update(local.keys())
        for run, df in in_documents.items():
            if df >= MIN_DOCUMENTS:
                runs[run], spread[run] = count[run], df
    return runs, spread


def edges(docs, spread):
    """For every run: its left and right neighbours and how often it stands alone between two breaks."""
    left, right, alone = defaultdict(Counter), defaultdict(Counter), Counter()
    for chunks in docs:
        for chunk in chunks:
            for i in range(1, len(chunk) - 1):
                for size in range(2, MAX_TOKENS + 1):
                    run = tuple(chunk[i : i + size])
                    if run not in spread:
                        break
                    before, after = chunk[i - 1], chunk[i + size]
                    left[run][before] += 1
                    right[run][after] += 1
                    alone[run] += not (before or after)
    return left, right, alone


def entropy(neighbours):
    """Branching entropy in bits; every break counts as a neighbour of its own."""
    total = sum(neighbours.values())
    value = sum(n / total * math.log2(total / n) for t, n in neighbours.items() if t)
    return value + neighbours[0] / total * math.log2(total)


def cohesion(run, runs, total):
    """Lowest normalised pointwise mutual information over all ways to cut the run in two."""
    whole = runs[run] / total
    return min(
        math.log(whole * total * total / (runs[run[:i]] * runs[run[i:]])) / -math.log(whole)
        for i in range(1, len(run))
    )


def count(folder, extras, out):
    jieba.setLogLevel(60)
    jieba.initialize()
    docs, vocabulary = corpus(folder, extras)
    runs, spread = frequent(docs, vocabulary)
    left, right, alone = edges(docs, spread)
    total = sum(n for run, n in runs.items() if len(run) == 1)
    rows = []
    for run, df in spread.items():
        words = [vocabulary[t] for t in run]
        term = "".join(words)
        if not HAN.search(term) or jieba.dt.FREQ.get(term):
            continue
        occurrences = runs[run]
        rows.append((
            term, " ".join(words), occurrences, df, alone[run],
            f"{cohesion(run, runs, total):.3f}", f"{entropy(left[run]):.2f}", f"{entropy(right[run]):.2f}",
            f"{left[run][0] / occurrences:.2f}", f"{right[run][0] / occurrences:.2f}",
        ))
    rows.sort()
    print("term\ttokens\toccurrences\tdocuments\talone\tcohesion\tleft\tright\tleft_free\tright_free", file=out)
    for row in rows:
        print(*row, sep="\t", file=out)


def word_list(name):
    path = HERE / name
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [line for line in lines if line and not line.startswith("#")]


def rules():
    result = {}
    for line in word_list("rules.txt"):
        name, words = line.split(":")
        result[name] = set(words.split()) if " " in words.strip() else set(words.strip())
    return result


def tags():
    """jieba's part of speech by word."""
    with jieba.get_dict_file() as lines:
        return {word.lower(): tag for word, _, tag in (line.decode("utf-8").split() for line in lines)}


def is_term(row, tag, rule):
    tokens = row["tokens"].split()
    first, last = tokens[0], tokens[-1]
    occurrences, df, alone = int(row["occurrences"]), int(row["documents"]), int(row["alone"])
    left_free, right_free, cohesive = float(row["left_free"]), float(row["right_free"]), float(row["cohesion"])
    first_tag, last_tag = (tag.get(token, "n") for token in (first, last))
    # A word stands free on both sides often enough.
    if alone < 2 or alone < 0.05 * occurrences or left_free < 0.2 or right_free < 0.2 or cohesive < 0.05:
        return False
    if all(len(token) == 1 for token in tokens) and (cohesive < 0.35 or df < 4):
        return False
    # Long compounds are left to their parts.
    if len(tokens) > 2 and len(row["term"]) > 6:
        return False
    if (len(first) == 1 or len(last) == 1) and cohesive < 0.12:
        return False
    if any(LATIN.fullmatch(token) and token not in rule["latin"] for token in tokens):
        return row["term"].startswith(("x射线", "x光", "t细胞", "b细胞", "nk细胞", "t淋巴", "b淋巴", "c反应", "γ射线"))
    if first in rule["first"] or last in rule["last"]:
        return False
    # No function words, numerals and the like inside.
    if any(tag.get(token, "n")[0] in "mrdpcqutyeo" and token not in rule["begin"] for token in tokens[:-1]):
        return False
    if first not in rule["begin"] and first_tag[0] in "afgjkstz" and first_tag != "vn":
        return False
    thing = last[-1] in rule["things"]
    if first in rule["object"] and not thing:
        return False
    if last in rule["process"]:
        return first_tag[0] in "nbjlg" or first in rule["begin"] or cohesive >= 0.4
    return last_tag[0] in "nljgxqz" or last in ("点", "丝", "一体机", "自由度", "刚度")


def select(candidates, out):
    rule, tag = rules(), tags()
    rejected, added = set(word_list("rejected.txt")), set(word_list("added.txt"))
    with open(candidates, encoding="utf-8", newline="") as lines:
        found = {row["term"] for row in csv.DictReader(lines, delimiter="\t") if is_term(row, tag, rule)}
    terms = sorted((found - rejected) | added)
    print("# Technical terms that jieba's default dictionary lacks, one a line, by code point.", file=out)
    print("# Made by mine.py from rules.txt, rejected.txt and added.txt over public patent texts; see README.md.", file=out)
    print("# version 1", file=out)
    print(*terms, sep="\n", file=out)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    counting = commands.add_parser("count")
    counting.add_argument("folder")
    counting.add_argument("--extra", nargs="*", default=[])
    selecting = commands.add_parser("select")
    selecting.add_argument("candidates")
    arguments = parser.parse_args()
    if arguments.command == "count":
        count(arguments.folder, arguments.extra, sys.stdout)
    else:
        select(arguments.candidates, sys.stdout)


if __name__ == "__main__":
    main()
