"""Settings of the whole process: what a submission changes of them is told, and put back before it is asked."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import signal, sys, warnings
import numpy as np
import torch
from grader.subject.settings import NAMES, Settings

torch._C._set_deterministic_algorithms(True, warn_only=True)
settings = Settings()
assert settings.changed() == ()
{change}
changed = settings.changed()
settings.restore()
assert settings.changed() == ()
assert changed == {told} and set(changed) <= set(NAMES), changed
# What is asked from now on is as if nothing had been changed.
assert torch.zeros(2).dtype == torch.float32 and torch.zeros(2).device.type == "cpu"
x = torch.ones(2, 2, requires_grad=True)
assert (x @ x).requires_grad and (x @ x).dtype == torch.float32 and not torch.is_inference(x @ x)
assert torch.get_float32_matmul_precision() == "highest"
assert not torch.is_anomaly_enabled()
assert torch.empty(3).isnan().all() or not torch.utils.deterministic.fill_uninitialized_memory
assert torch.are_deterministic_algorithms_enabled() and torch.is_deterministic_algorithms_warn_only_enabled()
assert 5e-324 * float(np.float64(1)) > 0
np.float32(1e-30) * np.float32(1e-30)
warnings.warn("a word")
assert np.geterrcall() is None
assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
assert sys.gettrace() is None and sys.getprofile() is None and sys.getrecursionlimit() >= 1000
print("written", file=sys.stdout), print("written", file=sys.stderr)
"""
CHANGES = {
    "torch.set_default_dtype(torch.float64)": "torch's default dtype",
    "torch.set_default_dtype(torch.bfloat16)": "torch's default dtype",
    "torch.set_default_device('meta')": "torch's default device",
    "torch.set_default_device('cuda')": "torch's default device",
    "from torch.utils._device import DeviceContext\nDeviceContext('meta').__enter__()": "torch's default device",
    "torch.set_default_device('meta')\ntorch.device('meta').__enter__()": "torch's default device",
    "torch.set_grad_enabled(False)": "whether torch records gradients",
    "kept = torch.no_grad(); kept.__enter__()": "whether torch records gradients",
    "kept = torch.inference_mode(); kept.__enter__()": "whether torch records gradients",
    "kept = torch.autocast('cpu'); kept.__enter__()": "torch's automatic casting",
    "torch.use_deterministic_algorithms(False)": "",
    "torch._C._set_deterministic_algorithms(True, warn_only=False)": "",
    "torch.autograd.set_detect_anomaly(True)": "",
    "torch.set_flush_denormal(True)": "",
    "torch.set_float32_matmul_precision('medium')": "",
    "np.seterr(all='raise')": "",
    "np.seterr(all='call'); np.seterrcall(lambda *word: 1 / 0)": "",
    "warnings.simplefilter('error')": "",
    "warnings.filters = [('error', None, Warning, None, 0)]": "",
    "warnings.showwarning = None": "",
    "signal.alarm(3)": "",
    "sys.setrecursionlimit(180)": "",
    "sys.setrecursionlimit(10000)": "",
    "sys.settrace(lambda *event: None); sys.setprofile(lambda *event: None)": "",
    "sys.stdout.close(); sys.stderr = None": "",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_undone_and_told_where_answers_might_rely_on_it(change, warm):
    notes = tuple(filter(None, [CHANGES[change]]))
    done = warm.run(SCRIPT.format(change=change, told=notes), module="tests.kit.run_text")
    assert done.returncode == 0, done.stderr


def test_it_needs_nothing_but_the_standard_library():
    code = "import sys, grader.subject.settings as s; s.Settings().restore(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "torch", "msgpack"} & set(done.stdout.split())
