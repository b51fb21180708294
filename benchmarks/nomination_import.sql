create temporary table stage (
  line int, number text, name text, sex text, ethnicity text, birth text, identity text,
  political text, education text, unit text, uscc text, post text, occupation text, level text,
  certificate text, career text, honours text, patents text, apprentices text,
  f_leading text, f_practice text, f_innovation text, f_tackling text, f_passing text, rank text, phone text
) on commit drop;

analyze stage;

create temporary table faults on commit drop as select 0 as line, ''::text as code limit 0;

create temporary table clean on commit drop as
select line, translate(s.name, ' ' || chr(12288), '') as name, case sex when '男' then '1' else '2' end as sex,
  upper(translate(identity, '０１２３４５６７８９Ｘ ' || chr(160), '0123456789X')) as identity,
  case when birth ~ '^[0-9]{6}$' then left(birth, 4)::int * 12 - 1 + substr(birth, 5)::int
    else left(birth, 4)::int * 12 - 1 + split_part(translate(birth, '年./月', '---'), '-', 2)::int
  end as birth_month,
  coalesce(u.id, v.id) as unit_id, certificate,
  case level when '高级技师' then '1' when '技师' then '2' when '高级工' then '3' else '' end as level,
  translate(case when career = '无' then '' else career end,
    '０１２３４５６７８９．／－', '0123456789./-') as career,
  translate(apprentices, '０１２３４５６７８９', '0123456789')::int as apprentices,
  number::int as number, patents::int as patents, rank::int as rank
from stage s
left join organizations_organization u on u.uscc <> '' and u.uscc = s.uscc and u.path like %(within)s
left join organizations_organization v on v.name = s.unit and v.path like %(within)s;

create temporary table segment on commit drop as
select line, y1 * 12 + m1 - 1 as start_month, case when not open then y2 * 12 + m2 - 1 end as end_month,
  open, rest
from (
  select line, parts[1]::int as y1, parts[2]::int as m1, parts[3]::int as y2, parts[4]::int as m2,
    head ~ '[今现]' as open, ltrim(substr(piece, length(head) + 1)) as rest
  from (
    select line, piece, head, array_remove(string_to_array(
      translate(head, '年月./-—～至今现在', repeat(' ', 11)), ' '), '') as parts
    from (
      select line, piece, substring(piece from
        '^[0-9]{4}[年./-][0-9]{1,2}月? ?[至—～-]+ ?(?:[0-9]{4}[年./-][0-9]{1,2}月?|今|现在)') as head
      from (
        select line, rtrim(ltrim(piece), '。') as piece from clean,
          string_to_table(translate(career, '；' || chr(10), ';;'), ';') piece
        where career <> '' and piece not in ('', '。')
        offset 0
      ) a offset 0
    ) b offset 0
  ) c offset 0
) d;

insert into faults
select line, code from (
  select line, unnest(array_remove(array[
    problem,
    case when name = '' then 'name-missing' end,
    case when unit_id is null then 'unknown-organization' end,
    case when problem is null and (substr(identity, 17, 1)::int %% 2 = 1) <> (sex = '1')
      then 'sex-mismatch' end,
    case when problem is null
      and birth_month <> substr(identity, 7, 4)::int * 12 - 1 + substr(identity, 11, 2)::int
      then 'birth-mismatch' end,
    case when certificate <> '' and length(certificate) <> 22 then 'certificate-length' end,
    case when level <> '' and substr(certificate, 16, 1) <> level
      then 'certificate-level-mismatch' end
  ], null)) as code
  from (
    select *, case when identity = '' then 'identity-missing'
      when identity = '?' then 'identity-rounded'
      when length(identity) <> 18 then 'identity-length'
      when identity !~ '^[0-9]{17}[0-9X]$' then 'identity-characters'
      when substr('10X98765432', 1 + (
        substr(identity, 1, 1)::int * 7 + substr(identity, 2, 1)::int * 9
        + substr(identity, 3, 1)::int * 10 + substr(identity, 4, 1)::int * 5
        + substr(identity, 5, 1)::int * 8 + substr(identity, 6, 1)::int * 4
        + substr(identity, 7, 1)::int * 2 + substr(identity, 8, 1)::int
        + substr(identity, 9, 1)::int * 6 + substr(identity, 10, 1)::int * 3
        + substr(identity, 11, 1)::int * 7 + substr(identity, 12, 1)::int * 9
        + substr(identity, 13, 1)::int * 10 + substr(identity, 14, 1)::int * 5
        + substr(identity, 15, 1)::int * 8 + substr(identity, 16, 1)::int * 4
        + substr(identity, 17, 1)::int * 2) %% 11, 1) <> right(identity, 1)
        then case when identity like '%%000' then 'identity-rounded' else 'identity-checksum' end
      when not pg_input_is_valid(substr(identity, 7, 8), 'date') then 'identity-date' end as problem
    from clean offset 0
  ) c
) found;

insert into faults
select line, case when bool_or(start_month is null) then 'career-unreadable' else 'career-reversed' end
from segment where start_month is null or end_month < start_month group by line;

insert into faults
select distinct line, 'career-young' from segment join clean using (line)
where line not in (select line from faults where code like 'identity-%%')
  and start_month < substr(identity, 7, 4)::int * 12 - 1 + substr(identity, 11, 2)::int + %(childhood)s;

insert into faults
select line, 'duplicate-nomination' from (
  select line, row_number() over (partition by identity order by line) as turn
  from clean where not exists (
    select from faults f where f.line = clean.line and f.code not like '%%mismatch' and f.code <> 'career-young')
) turns where turn > 1;

create temporary table filed on commit drop as
select c.*, convert_to(c.identity, 'UTF8') as digest,
  nextval('talents_person_id_seq') as person_id, nextval('talents_nomination_id_seq') as nomination_id
from clean c
where not exists (select from faults f where f.line = c.line and f.code not like '%%mismatch' and f.code <> 'career-young')
  and not exists (
    select from talents_nomination n join talents_person p on p.id = n.person_id
    where n.round_id = %(round)s and p.identity_digest = convert_to(c.identity, 'UTF8'));

insert into talents_person (id, name, name_pinyin, name_initials, identity_cipher, identity_digest,
  identity_mask, sex, birth_on, ethnicity, education, political_status, phone_cipher, organization_id)
select person_id, f.name, '', '', digest, digest, left(f.identity, 6), f.sex,
  substr(f.identity, 7, 8)::date, ethnicity, education, political, convert_to(phone, 'UTF8'),
  f.unit_id
from filed f join stage s using (line)
on conflict (identity_digest) do nothing;

insert into talents_nomination (id, round_id, person_id, unit_id, state, post, occupation,
  skill_level, certificate_number, honours_text, patents_count, apprentices_count, force_leading,
  force_practice, force_innovation, force_tackling, force_passing, rank, row_number, handled_by, created_at, version)
select nomination_id, %(round)s, person_id, unit_id, 'draft', post, occupation, f.level,
  f.certificate, honours, f.patents, f.apprentices, f_leading, f_practice, f_innovation, f_tackling, f_passing,
  f.rank, f.number, '{}', now(), 1
from filed f join stage s using (line);

insert into talents_employment (person_id, nomination_id, start_month, end_month, is_frontline,
  employer, trade)
select person_id, nomination_id, start_month, end_month, true, split_part(rest, ' ', 1),
  split_part(rest, ' ', 2)
from segment join filed using (line);

insert into talents_certificate (person_id, number, level, occupation, issued_year)
select person_id, f.certificate, substr(f.certificate, 16, 1), occupation,
  2000 + substr(f.certificate, 14, 2)::int
from filed f join stage s using (line) where f.certificate <> '';
