"""An instalment is paid to the account it was ordered to, and the bank's answer takes others.

- It is ordered to the academy's confirmed account, keeps it, and is paid while that account is in use:
  refused with JX013. The account is taken FOR SHARE, a call back takes it FOR NO KEY UPDATE: of the two
  at once the second waits and sees what the first has done. What was ordered before accounts were kept
  names none and is ordered anew.
- Ordered singly, its receipt is entered by another than ordered it; a receipt that was entered, singly or
  by a list, is taken back or turned into a return by another than entered it, and never overwritten:
  refused with JX017, as transfers are.
"""

from django.db import migrations

WHERE = """
create function subsidies_payment_goes_where_ordered() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.payee_account_id is distinct from old.payee_account_id
      and not (old.state = 'planned' and new.state = 'ordered')
      and not (new.state = 'planned' and new.payee_account_id is null) then
    raise exception '拨款单的收款账户制单后不能改动，请退回制单后按现在的账户重新制单' using errcode = 'JX013',
      constraint = 'payment_keeps_its_account';
  end if;
  if (old.state, new.state) in (('planned', 'ordered'), ('ordered', 'paid')) then
    perform from subsidies_payeeaccount a join subsidies_grant g on g.academy_id = a.academy_id
      where a.id = new.payee_account_id and g.id = new.grant_id and a.state = 'confirmed' for share of a;
    if not found then
      raise exception '收款账户不是该学院现在经回访确认的账户，请退回制单（在付款清单中的作废清单）后按现在的账户重新制单'
        using errcode = 'JX013', constraint = 'payee_account_changed';
    end if;
  end if;
  return new;
end $$;
create trigger payment_pays_where_it_was_ordered before update of state, payee_account_id
  on subsidies_payment for each row execute function subsidies_payment_goes_where_ordered();
"""
ANYWHERE = """
drop trigger payment_pays_where_it_was_ordered on subsidies_payment;
drop function subsidies_payment_goes_where_ordered();
"""
ANSWERS = """
create function subsidies_payment_answer_takes_another() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if old.receipt not in ('', new.receipt) and new.receipt <> '' then
    raise exception '回单号不能直接改动，须先撤回原回单再登记' using errcode = 'JX017',
      constraint = 'receipt_is_not_overwritten';
  end if;
  if old.receipt <> '' and (new.receipt = '' or new.state = 'bounced' and old.state <> 'bounced')
      and (new.answered_by_id is null or new.answered_by_id = old.answered_by_id) then
    raise exception '回单由登记人以外的另一名财务人员撤回或改登退票' using errcode = 'JX017',
      constraint = 'answer_takes_another';
  end if;
  if old.receipt = '' and new.receipt <> '' and new.answered_by_id = new.ordered_by_id and not exists (
    select from subsidies_transfer t join subsidies_payout p on p.id = t.payout_id
    where t.payment_id = new.id and p.state <> 'cancelled'
  ) then
    raise exception '回单由制单人以外的另一名财务人员登记' using errcode = 'JX017',
      constraint = 'receipt_takes_another';
  end if;
  return new;
end $$;
create trigger payment_answer_takes_another before update of receipt, state on subsidies_payment
  for each row when (
    old.receipt is distinct from new.receipt or old.receipt <> '' and old.state is distinct from new.state
  )
  execute function subsidies_payment_answer_takes_another();
"""
NO_ANSWERS = """
drop trigger payment_answer_takes_another on subsidies_payment;
drop function subsidies_payment_answer_takes_another();
"""


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0044_payments_name_their_account")]

    operations = [
        migrations.RunSQL(WHERE, ANYWHERE),
        migrations.RunSQL(ANSWERS, NO_ANSWERS),
    ]
