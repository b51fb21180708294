import pytest
from django.core.management import call_command
from portal.demo import cast, evaluating, loading, money, training
from subsidies.rules.proofs import breaks
from subsidies.selectors.flags import flags_raised
from organizations.models import User
from subsidies.models import Grant

def test_it(db, tmp_path, settings, client):
    settings.MEDIA_ROOT = tmp_path / "m"
    call_command("load_policies", verbosity=0)
    call_command("import_organizations", str(loading.TREE), verbosity=0)
    cast.enrol()
    call_command("import_academies", str(training.REGISTER), verbosity=0)
    print(money.past(), evaluating.load(), money.this_year(), money.past(), money.this_year())
    assert list(breaks()) == []
    print([(f.flag.code, len(f.hits)) for f in flags_raised(User.objects.system())])
    print(list(Grant.objects.filter(fund__year=2026).values_list("academy__code", "state")))
    for name in ("caiwu", "fuhe", "jingshen", "shenpi", "shizong", "xueyuan"):
        client.force_login(User.objects.get(username=name))
        page = client.get("/")
        assert page.status_code == 200
        for p in ("/subsidies/flags/", "/subsidies/ledger/", "/subsidies/funds/", "/subsidies/grants/", "/subsidies/ledger/verify/", "/subsidies/expenses/", "/subsidies/payments/"):
            a = client.get(p)
            print(name, p, a.status_code)
