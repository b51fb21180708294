create temporary table stage_class (
  line int, number text, name text, specialty text, form text, practical text, starts text, ends text,
  hours text, room text, planned text
) on commit drop;

create temporary table stage (
  line int, class text, name text, identity text, employer text, occupation text, attendance text,
  result text, before text, after text, certificate text
) on commit drop;

create temporary table faults on commit drop as select 0 as line, ''::text as code limit 0;

insert into academies_trainingclass (academy_id, year, number, name, specialty, form, is_practical,
  starts_on, ends_on, hours, room, planned_count, version)
select %(academy)s, %(year)s, number, name, specialty,
  case form when '线上' then 'online' else 'offline' end, practical = '是',
  starts::date, ends::date, hours::numeric, room, planned::int, 1
from stage_class;

create temporary table clean on commit drop as
select s.line, c.id as class_id, c.is_practical, s.name, upper(s.identity) as identity, employer,
  occupation, rtrim(attendance, '%%')::numeric as attendance, result = '合格' as passed,
  case before when '初级工' then '5' when '中级工' then '4' when '高级工' then '3' when '技师' then '2'
    when '高级技师' then '1' else '' end as level_before,
  case after when '初级工' then '5' when '中级工' then '4' when '高级工' then '3' when '技师' then '2'
    when '高级技师' then '1' else '' end as level_after,
  certificate, u.id as unit_id
from stage s
left join academies_trainingclass c
  on c.academy_id = %(academy)s and c.year = %(year)s and c.number = s.class
left join organizations_organization u on u.name = s.employer;

insert into faults
select line, code from (
  select line, unnest(array_remove(array[
    case when class_id is null then 'unknown-class' end,
    case when identity = '' then 'identity-missing'
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
        then 'identity-checksum'
      when not pg_input_is_valid(substr(identity, 7, 8), 'date') then 'identity-date' end,
    case when name = '' then 'name-missing' end,
    case when employer = '' then 'employer-missing' end,
    case when translate(level_after, '054321TS', '12345678')
      < translate(level_before, '054321TS', '12345678') then 'level-falls' end,
    case when not passed and translate(level_after, '054321TS', '12345678')
      > translate(level_before, '054321TS', '12345678') then 'failed-but-upgraded' end,
    case when certificate <> '' and length(certificate) <> 22 then 'certificate-length' end,
    case when certificate <> '' and level_after <> ''
      and substr(certificate, 16, 1) <> level_after then 'certificate-level-mismatch' end
  ], null)) as code
  from clean
) found;

insert into faults
select line, 'duplicate-enrolment' from (
  select line, row_number() over (partition by class_id, identity order by line) as turn
  from clean where class_id is not null and not exists (
    select from faults f where f.line = clean.line
      and f.code not in ('failed-but-upgraded', 'certificate-level-mismatch', 'employer-missing'))
) turns where turn > 1;

create temporary table filed on commit drop as
select c.*, convert_to(c.identity, 'UTF8') as digest
from clean c
where not exists (
  select from faults f where f.line = c.line
    and f.code not in ('failed-but-upgraded', 'certificate-level-mismatch', 'employer-missing'));

insert into talents_person (name, name_pinyin, name_initials, identity_cipher, identity_digest,
  identity_mask, sex, birth_on, ethnicity, education, political_status, organization_id)
select distinct on (digest) name, '', '', digest, digest, left(identity, 6), '1',
  substr(identity, 7, 8)::date, '', '', '', coalesce(unit_id, %(organization)s)
from filed order by digest, line
on conflict (identity_digest) do nothing;

insert into academies_enrolment (training_class_id, academy_id, year, is_practical, person_id,
  version, passed, level_before, level_after, attendance, employer, occupation, certificate_number)
select f.class_id, %(academy)s, %(year)s, f.is_practical, p.id, 1, f.passed, f.level_before,
  f.level_after, f.attendance, f.employer, f.occupation, f.certificate
from filed f join talents_person p on p.identity_digest = f.digest
on conflict (training_class_id, person_id) do nothing;
