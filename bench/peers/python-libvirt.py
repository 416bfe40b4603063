"""The same work as bench/workers/node-libvirt.mjs, with python3-libvirt. usage: python-libvirt.py URI calls|events"""

import json
import sys
import threading
import time

import libvirt


def now():
    """CLOCK_MONOTONIC in ms: the same for every process of this machine."""
    return time.monotonic_ns() / 1e6


def run_events():
    while True:
        libvirt.virEventRunDefaultImpl()


uri, role = sys.argv[1:]
heard = []
# An event loop beside the calls would slow them down, so a process does one or the other.
if role == "events":
    libvirt.virEventRegisterDefaultImpl()
    threading.Thread(target=run_events, daemon=True).start()
connection = libvirt.open(uri)
if role == "events":
    connection.domainEventRegisterAny(
        None,
        libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE,
        lambda _connection, _domain, event, _detail, _opaque: heard.append({"at": now(), "event": event}),
        None,
    )
known = []


def list_domains(_order):
    known[:] = connection.listAllDomains(0)
    return len(known)


def stats(order):
    return len(connection.getAllDomainStats(order["mask"], 0))


def xml(_order):
    return len([domain.XMLDesc(0) for domain in known])


work = {"list": list_domains, "stats": stats, "xml": xml}


def carry_out(order):
    if order["do"] == "heard":
        taken, heard[:] = list(heard), []
        return {"heard": taken}
    samples = []
    result = None
    cpu = time.process_time()
    for _ in range(order["times"]):
        start = now()
        result = work[order["do"]](order)
        samples.append(now() - start)
    return {"samples": samples, "cpuMs": (time.process_time() - cpu) * 1000 / order["times"], "result": result}


print('{"ready":true}', flush=True)
for line in sys.stdin:
    print(json.dumps(carry_out(json.loads(line))), flush=True)
