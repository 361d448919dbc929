"""Load on running servers: feeds under many clients, and two servers on one PostgreSQL.

    python benches/serve.py feeds ../shared WORK [postgres://…]
    python benches/serve.py two ../shared WORK postgres://…

Needs a release build and wrk. The database named must be empty, and is filled. Everything stays on loopback; the servers
started here are ended here. WORK keeps the generated catalogue for the next time.
"""

import json
import os
import random
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

DUIJIE = str(Path(__file__).resolve().parent.parent / "target/release/duijie")
LISTINGS, ENTERPRISES = 100_000, 110_000
FEEDS = """
local ids, at = {}, 0
for line in io.lines("%(ids)s") do ids[#ids + 1] = line end
request = function()
  at = at + 7
  local path = "/api/v1/enterprises/" .. ids[at %% #ids + 1] .. "/recommendations?limit=10"
  return wrk.format("GET", path, {["Authorization"] = "Bearer %(token)s"})
end
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("requests %%d in %%.1f s (%%.0f a second); p50 %%.1f ms, p99 %%.1f ms; errors %%d\\n",
    summary.requests, summary.duration / 1e6, summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, e.connect + e.read + e.write + e.status + e.timeout))
end
"""


def run(directory, *arguments):
    done = subprocess.run([DUIJIE, *arguments, "--data-dir", str(directory)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"duijie {' '.join(arguments)}: {done.stdout}{done.stderr}")
    return done.stdout


def catalogue(shared, work):
    """Generated listings and enterprises; made once."""
    made = work / "generated"
    if not (made / "about.json").exists():
        patents = sorted(str(path) for path in (shared / "data/patents").glob("*.jsonl.gz"))
        firms = sorted(str(path) for path in (shared / "data/enterprises").glob("*.jsonl.gz"))
        sizes = ["--listings", str(LISTINGS), "--profiles", str(ENTERPRISES)]
        subprocess.run([DUIJIE, "bench", "generate", "--patents", *patents, "--enterprises", *firms, *sizes,
                        "--form", "records", "--out", str(made)], check=True, stdout=subprocess.DEVNULL)
    return made


def filled(made, directory):
    """Imports all of it, telling how long that took; returns a token of staff, who see every firm's feed."""
    for kind, count in (("listings", LISTINGS), ("enterprises", ENTERPRISES)):
        start = time.perf_counter()
        run(directory, "import", str(made / f"{kind}.jsonl"), "--kind", kind)
        seconds = time.perf_counter() - start
        print(f"import {kind}: {count} in {seconds:.1f} s ({count / seconds:.0f} a second)", flush=True)
    run(directory, "account", "add", "load", "--role", "bureau", "--name", "load", "--no-password")
    given = run(directory, "account", "token", "load", "--label", "load", "--json")
    return json.loads(given)["token"]


def names(made, count):
    """Names of some of the firms, as an address has them."""
    with open(made / "enterprises.jsonl", encoding="utf-8") as lines:
        found = [json.loads(line)["企业名称"] for line in lines]
    return [urllib.parse.quote(name, safe="") for name in random.Random(1).sample(found, count)]


class Server:
    """A running server, until it is killed or the block ends."""

    def __init__(self, directory):
        self.process = subprocess.Popen([DUIJIE, "serve", "--listen", "127.0.0.1:0", "--data-dir", str(directory)],
                                        stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().strip().rsplit("http://", 1)[-1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def ask(self, token, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"http://{self.address}{path}", data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def feed(self, token, name, limit=10):
        answer = self.ask(token, f"/api/v1/enterprises/{name}/recommendations?limit={limit}")
        return [(shown["listing"], shown["score"]) for shown in answer["recommendations"]]


def load(server, token, firms, work, clients, seconds):
    (work / "ids.txt").write_text("\n".join(firms), encoding="utf-8")
    (work / "feeds.lua").write_text(FEEDS % {"ids": work / "ids.txt", "token": token}, encoding="utf-8")
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "10s", "-s", str(work / "feeds.lua")]
    return subprocess.Popen([*command, f"http://{server.address}/"], stdout=subprocess.PIPE, text=True)


def feeds(made, work):
    directory = work / f"feeds-{os.getpid()}"
    token, firms = filled(made, directory), names(made, 20_000)
    with Server(directory) as server:
        server.feed(token, firms[0])
        said = load(server, token, firms, work, 50, 60).communicate()[0]
        print(said.splitlines()[-1])


def two(made, work):
    place = work / f"two-{os.getpid()}"
    token, firms = filled(made, place / "import"), names(made, 400)
    with Server(place / "b") as other:
        one = Server(place / "a")
        try:
            lags = []
            for firm in firms[:20]:
                top = one.feed(token, firm, 1)[0][0]
                one.ask(token, f"/api/v1/listings/{top}/steps", {"step": "withdraw", "reason": "bench"})
                start = time.perf_counter()
                while any(listing == top for listing, _ in other.feed(token, firm)):
                    time.sleep(0.005)
                lags.append(time.perf_counter() - start)
            print(f"withdrawn through one, gone from the other after {min(lags):.3f} to {max(lags):.3f} s")
            under_load, kills = load(other, token, firms, work, 20, 30), 0
            while under_load.poll() is None and kills < 4:
                time.sleep(3)
                one.kill()
                one, kills = Server(place / "a"), kills + 1
                top = one.feed(token, firms[100 + kills], 1)[0][0]
                one.ask(token, f"/api/v1/listings/{top}/steps", {"step": "suspend", "reason": "bench"})
            print(f"one killed {kills} times; the other:", under_load.communicate()[0].splitlines()[-1])
            time.sleep(1)
            lists = [(one.feed(token, firm), other.feed(token, firm)) for firm in firms[:100]]
            same = sum(a == b for one_list, other_list in lists for a, b in zip(one_list, other_list))
            print(f"both agree on {same} of {sum(len(one_list) for one_list, _ in lists)} recommendations")
        finally:
            one.__exit__()


def main():
    if len(sys.argv) not in (4, 5) or sys.argv[1] not in ("feeds", "two"):
        sys.exit(__doc__)
    what, shared, work = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    if len(sys.argv) == 5:
        os.environ["DUIJIE_DATABASE"] = sys.argv[4]
    elif what == "two":
        sys.exit("two servers need one PostgreSQL: name an empty database")
    work.mkdir(parents=True, exist_ok=True)
    made = catalogue(shared, work)
    {"feeds": feeds, "two": two}[what](made, work)


if __name__ == "__main__":
    main()
