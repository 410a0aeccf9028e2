import subprocess
import sys

import pytest

import pelayanan


def test_every_public_name_is_there():
    assert sorted(pelayanan.__all__) == pelayanan.__all__
    assert all(getattr(pelayanan, name) is not None for name in pelayanan.__all__)


def test_a_name_that_does_not_exist_is_no_attribute():
    with pytest.raises(AttributeError) as error:
        getattr(pelayanan, "lo" + "de")

    assert "module 'pelayanan' has no attribute 'lode'" == str(error.value)


def test_what_reads_files_is_imported_when_it_is_asked_for():
    code = (
        "import sys, pelayanan; before = 'pelayanan.files' in sys.modules; pelayanan.parse;"
        "print(before, 'pelayanan.files' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert "False True" == done.stdout.strip()
