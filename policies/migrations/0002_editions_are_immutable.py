"""A stored edition is never changed or removed: decisions are pinned to its words."""

from django.db import migrations

from workflow.records.guards import state_guards

FORWARD = """
CREATE FUNCTION policies_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '政策版本一经载入不得更改或删除，请发布新的版次'
        USING ERRCODE = 'JX001', CONSTRAINT = tg_name;
END $$;

CREATE FUNCTION policies_refuse_confirmation_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '默认的确认只增不改；取值有变的，在新的版次里重新确认'
        USING ERRCODE = 'JX001', CONSTRAINT = tg_name;
END $$;
"""

REVERSE = """
DROP FUNCTION policies_refuse_confirmation_change();
DROP FUNCTION policies_refuse_change();
"""

ON_TABLE = """
CREATE TRIGGER policies_{name}_is_immutable
    BEFORE UPDATE OR DELETE ON policies_{table}
    FOR EACH ROW EXECUTE FUNCTION policies_{refusal}();

CREATE TRIGGER policies_{name}_is_not_truncated
    BEFORE TRUNCATE ON policies_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION policies_{refusal}();
"""

OFF_TABLE = """
DROP TRIGGER policies_{name}_is_not_truncated ON policies_{table};
DROP TRIGGER policies_{name}_is_immutable ON policies_{table};
"""

FROZEN = (
    {"name": "edition", "table": "policyedition", "refusal": "refuse_change"},
    {"name": "default", "table": "editiondefault", "refusal": "refuse_change"},
    {
        "name": "confirmation",
        "table": "defaultconfirmation",
        "refusal": "refuse_confirmation_change",
    },
)


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_initial"), ("workflow", "0002_record_chain")]

    operations = [
        migrations.RunSQL(FORWARD, REVERSE),
        *(
            migrations.RunSQL(ON_TABLE.format(**names), OFF_TABLE.format(**names))
            for names in FROZEN
        ),
        migrations.RunSQL(*state_guards("policies.editiondraft", "draft")),
    ]
