"""A stored edition is never changed or removed: decisions are pinned to its words."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION policies_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '政策版本一经载入不得更改或删除，请发布新的版次'
        USING ERRCODE = 'JX001', CONSTRAINT = tg_name;
END $$;

CREATE TRIGGER policies_edition_is_immutable
    BEFORE UPDATE OR DELETE ON policies_policyedition
    FOR EACH ROW EXECUTE FUNCTION policies_refuse_change();

CREATE TRIGGER policies_edition_is_not_truncated
    BEFORE TRUNCATE ON policies_policyedition
    FOR EACH STATEMENT EXECUTE FUNCTION policies_refuse_change();
"""

REVERSE = """
DROP TRIGGER policies_edition_is_not_truncated ON policies_policyedition;
DROP TRIGGER policies_edition_is_immutable ON policies_policyedition;
DROP FUNCTION policies_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, REVERSE)]
