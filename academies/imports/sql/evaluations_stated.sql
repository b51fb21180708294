-- One row for each staged line: what its cells say, which academy it means, what is on file of its year.
-- A pass parts failures only where no two in a row are left with all the rows at hand, as the trigger has it.
with told as (
  select s.*, a.id as academy_id, a.name as academy_name,
    translate(a.name, '（） ', '()') = translate(s.name, '（） ', '()') as is_name,
    exists (
      select from academies_evaluation e where e.academy_id = a.id and e.year = s.year
    ) as is_filed,
    exists (
      select from academies_review r join academies_campaign c on c.id = r.campaign_id
      where r.academy_id = a.id and c.year = s.year
    ) as is_under_way,
    (
      select before.grade = 'failed' and after.grade = 'failed'
      from (
        select e.grade from academies_evaluation e
        where e.academy_id = a.id and (e.evaluated_on, e.year) < (s.evaluated_on, s.year)
        order by e.evaluated_on desc, e.year desc limit 1
      ) before cross join (
        select e.grade from academies_evaluation e
        where e.academy_id = a.id and (e.evaluated_on, e.year) > (s.evaluated_on, s.year)
        order by e.evaluated_on, e.year limit 1
      ) after
    ) as is_between
  from (
    select r.line, r.number, r.flags,
      upper(replace(@code, ' ', '')) as code,
      @blank(name) as name,
      @year as year_text,
      (case when rtrim(replace(@year, ' ', ''), '年度') ~ '^20[0-9]{2}$'
          and rtrim(replace(@year, ' ', ''), '年度')::int <= extract(year from %(today)s::date)
        then rtrim(replace(@year, ' ', ''), '年度')::int end) as year,
      @grade as grade_text,
      (case replace(@grade, ' ', '')
        when '优秀' then 'excellent' when '优' then 'excellent'
        when '合格' then 'qualified' when '达标' then 'qualified'
        when '不合格' then 'failed' when '不达标' then 'failed'
      end) as grade,
      @blank(evaluated_on) as evaluated_on_text, <evaluated_on> as evaluated_on,
      @blank(demand) as demand,
      @blank(due_on) as due_on_text, <due_on> as due_on,
      @blank(closed_on) as closed_on_text, <closed_on> as closed_on,
      (case when length(@code) > 40 then 'code' when length(@demand) > 500 then 'demand' end)
        as long_field
    from <pending> r
    offset 0
  ) s
  left join (
    select c.id, c.code, c.name
    from academies_academy c
    join organizations_organization o on o.id = c.organization_id
    join organizations_organization u on u.id = c.supervising_union_id
    where o.path like any(%(within)s) or u.path like any(%(within)s)
  ) a on a.code = s.code
)
select t.*, case when t.is_between and academies_failing_streak(t.academy_id) >= 2 then (
  select max(failures) < 2 from (
    select count(*) filter (where has_failed) as failures from (
      select has_failed, count(*) filter (where not has_failed)
        over (order by evaluated_on, year rows unbounded preceding) as island
      from (
        select e.evaluated_on, e.year, e.grade = 'failed' as has_failed
        from academies_evaluation e where e.academy_id = t.academy_id
        union all
        select o.evaluated_on, o.year, o.grade = 'failed' from told o
        where o.academy_id = t.academy_id and not o.is_filed
          and num_nulls(o.year, o.grade, o.evaluated_on) = 0 and not exists (
            select from intake_importfinding f
            where f.batch_id = %(batch)s and f.line = o.line and f.severity = 'error'
          )
      ) evaluated
    ) parted group by island
  ) islands
) end as parts_failures
from told t
