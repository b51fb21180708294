-- What the academies taught in past years, but for those that hand in workbooks: classes, then rosters.
-- Sizes, dates and results follow from the place of the academy in the list, the same every time.
create temporary table demo_taught on commit drop as
with academy as (
  select id, tier, designated_on, withdrawn_on, row_number() over (order by code) as place
  from academies_academy where code <> all(%(by_workbook)s)
), sized as (
  select a.*, y.year,
    case
      when tier = 'capital' and y.year = extract(year from designated_on) then 300 + place * 37 %% 500
      when tier = 'capital' then 930 + (place * 53 + y.year * 31) %% 260
      when tier = 'demonstration' then 1500 + place * 41 %% 300
      when place %% 5 = 0 then 760 + (place * 29 + y.year * 17) %% 180
      when place %% 5 < 3 then 90 + (place * 43 + y.year * 13) %% 160
      else 0  -- handed nothing in
    end as size
  from academy a join unnest(%(years)s::int[]) y(year) on y.year >= extract(year from designated_on)
), class as (
  select s.*, j, ceil(size / 35.0)::int as classes, brand.names[1 + j %% cardinality(brand.names)] as specialty,
    greatest(make_date(year, 3, 1), designated_on + 7) as first_day
  from sized s
  cross join lateral (
    select array_agg(name order by id) as names from academies_brand b where b.academy_id = s.id
  ) brand
  cross join lateral generate_series(1, ceil(size / 35.0)::int) j
), dated as (
  select *, first_day + (greatest(make_date(year, 11, 10) - first_day, 5) * (j - 1) / classes) as starts_on
  from class)
select id as academy_id, place, size, year, j, specialty, j %% 6 = 0 as is_practical, starts_on from dated;
insert into academies_trainingclass (academy_id, year, number, name, specialty, form, is_practical,
  starts_on, ends_on, hours, room, planned_count, version)
select academy_id, year, year || '-' || to_char(j, 'FM000'),
  specialty || (array['技能提升班', '岗位练兵班', '新技术研修班', '安全生产班'])[1 + j %% 4], specialty,
  case when j %% 6 = 0 then 'offline' when j %% 7 = 3 then 'blended' when j %% 11 = 5 then 'online'
    else 'offline' end,
  is_practical, starts_on, starts_on + 2 + j %% 3, (array[16, 24, 30])[1 + j %% 3],
  (array['实训楼一层', '实训楼二层', '多功能厅', '培训教室'])[1 + j %% 4], 40, 1
from demo_taught order by academy_id, year, j;
create temporary table demo_seat on commit drop as
-- One in twelve sits in a second class of the year; half of a year's people come again in the next.
select c.id as class_id, t.*, turn, 1 + (place * 277
  + (turn - case when turn %% 12 = 0 then 36 else 0 end)
  + (t.year - %(first_year)s) * size / 2) %% %(persons)s as person_place
from demo_taught t
join academies_trainingclass c
  on c.academy_id = t.academy_id and c.year = t.year and c.number = t.year || '-' || to_char(j, 'FM000')
cross join lateral (select (j - 1) * 35 + k as turn from generate_series(1, 35) k) seat
where turn <= size;
analyze demo_seat;
with judged as (
  select *, turn %% 20 <> 7 as passed, (array['5', '4', '4', '3'])[1 + person_place %% 4] as level_before,
    (turn * 7 + place) %% 100 < 19 + year - %(first_year)s as rises
  from demo_seat
)
insert into academies_enrolment (training_class_id, academy_id, year, is_practical, person_id, version,
  passed, level_before, level_after, attendance, employer, occupation, certificate_number)
select j.class_id, j.academy_id, j.year, j.is_practical, trainee.person_id, 1, j.passed, j.level_before,
  case when j.passed and j.rises then (j.level_before::int - 1)::text else j.level_before end,
  75 + j.person_place %% 26, trainee.employer, j.specialty, ''
from judged j join demo_trainee trainee on trainee.place = j.person_place
order by j.academy_id, j.year, j.class_id
on conflict (training_class_id, person_id) do nothing
