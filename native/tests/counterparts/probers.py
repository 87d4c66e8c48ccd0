"""udping monitor, smokeping_prober and blackbox_exporter side by side, towards one host.

    probers.py HOST UDPING TOOLS COUNT

Each is asked for its figures ten times a second, until both that have a beat have sent COUNT probes
at one in 10 ms. Prints a line of JSON: what each says of loss, and what it cost. TOOLS is the folder
of Debian's programs.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

HOST, UDPING, TOOLS, COUNT = *sys.argv[1:4], int(sys.argv[4])
# Samples apart by this many scrapes, a second, give a rate.
APART = 10
TICKS = os.sysconf("SC_CLK_TCK")


def get(url):
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.read().decode()
    except OSError:
        return None


def total(text, name):
    """The sum of a metric's samples whose name and labels begin so."""
    values = re.findall(rf"^{re.escape(name)}[^ ]* (\S+)$", text or "", re.M)
    return sum(float(value) for value in values)


def cost(process):
    with open(f"/proc/{process.pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    with open(f"/proc/{process.pid}/status") as status:
        kib = int(re.search(r"VmRSS:\s+(\d+)", status.read())[1])
    return {"cpu_s": (int(fields[11]) + int(fields[12])) / TICKS, "kib": kib}


def losses(samples):
    """The least and the most that a rate of loss comes to: of (lost, all) each."""
    rates = []
    for before, after in zip(samples, samples[APART:]):
        lost, of = after[0] - before[0], after[1] - before[1]
        if of > 0:
            rates.append(lost / of)
    return {"least_loss": min(rates), "most_loss": max(rates)}


def udping(text):
    outcomes = {
        it: total(text, f'udping_probe_outcomes_total{{target="{HOST}",outcome="{it}"}}')
        for it in ("replied", "lost", "refused", "unsent", "altered")
    }
    sent = total(text, "udping_probes_sent_total")
    in_flight = total(text, "udping_probes_in_flight")
    duplicates = total(text, "udping_duplicate_replies_total")
    return {"sent": sent, "in_flight": in_flight, "duplicates": duplicates, **outcomes}


def smokeping(text):
    sent = total(text, "smokeping_requests_total")
    replied = total(text, "smokeping_response_duration_seconds_count")
    duplicates = total(text, "smokeping_response_duplicates_total")
    return {"sent": sent, "replied": replied, "duplicates": duplicates}


def blackbox(count, into):
    """One probe after the other, as Prometheus would ask for them."""
    for _ in range(count):
        text = get(f"http://127.0.0.1:9115/probe?module=icmp&target={HOST}")
        into["sent"] += 1
        into["replied"] += total(text, "probe_success")
        into["rtt_s"].append(total(text, 'probe_icmp_duration_seconds{phase="rtt"}'))


folder = tempfile.TemporaryDirectory()
with open(f"{folder.name}/smokeping.yml", "w") as file:
    file.write(
        f"targets:\n- hosts: [{HOST}]\n  interval: 10ms\n  network: ip4\n  protocol: icmp\n  size: 56\n"
    )
with open(f"{folder.name}/blackbox.yml", "w") as file:
    file.write("modules:\n  icmp:\n    prober: icmp\n    timeout: 5s\n")


def start(*words):
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(words, stdin=subprocess.DEVNULL, **quiet)


programs = {
    "udping": start(
        UDPING, "monitor", "-i", "10ms", "-W", "2s", "--listen", "127.0.0.1:9862", HOST
    ),
    "smokeping": start(
        f"{TOOLS}/prometheus-smokeping-prober",
        f"--config.file={folder.name}/smokeping.yml",
        "--web.listen-address=127.0.0.1:9374",
    ),
    "blackbox": start(
        f"{TOOLS}/prometheus-blackbox-exporter",
        f"--config.file={folder.name}/blackbox.yml",
        "--web.listen-address=127.0.0.1:9115",
    ),
}
try:
    while get("http://127.0.0.1:9115/metrics") is None:
        time.sleep(0.05)
    single = {"sent": 0, "replied": 0, "rtt_s": []}
    asker = threading.Thread(target=blackbox, args=(5, single))
    asker.start()
    ours, theirs, last = [], [], {}
    while True:
        last["udping"] = udping(get("http://127.0.0.1:9862/metrics"))
        last["smokeping"] = smokeping(get("http://127.0.0.1:9374/metrics"))
        of = last["udping"]
        settled = of["replied"] + of["lost"] + of["refused"] + of["unsent"] + of["altered"]
        ours.append((settled - of["replied"] - of["altered"], settled))
        of = last["smokeping"]
        theirs.append((of["sent"] - of["replied"], of["sent"]))
        if min(of["sent"], last["udping"]["sent"]) >= COUNT:
            break
        time.sleep(0.1)
    last["udping"].update(losses(ours))
    last["smokeping"].update(losses(theirs))
    asker.join()
    last["blackbox"] = single
    for name, process in programs.items():
        last[name].update(cost(process))
    print(json.dumps(last), flush=True)
finally:
    for process in programs.values():
        process.kill()
        process.wait()
