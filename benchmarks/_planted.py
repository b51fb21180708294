"""The rows of the seeded city of red flags: honest ones by arithmetic, and what plants each pattern."""

CLASS_ROWS = """
    insert into academies_trainingclass (academy_id, year, number, name, specialty, form, is_practical,
      starts_on, ends_on, hours, room, planned_count, version)
    select a, y, n::text, '能力提升班', '', 'offline', n %% 3 = 0,
      make_date(y, 1, 8) + n * (330 / {slots}), make_date(y, 1, 8) + n * (330 / {slots}) + 3, 24,
      '一号楼', {a_class}, 1
    from generate_series(1, {academies}) a, unnest(array[{years}]) y, generate_series(0, {slots} - 1) n
"""
ENROLMENT_ROWS = """
    insert into academies_enrolment (training_class_id, academy_id, year, is_practical, person_id, version,
      passed, level_before, level_after, attendance, employer, occupation, certificate_number, phone_digest)
    select c.id, c.academy_id, c.year, c.is_practical,
      1 + ((c.number::bigint * {academies} * {a_class} + c.academy_id * {a_class} + k) * 7919
        + c.year * 104729) %% {persons},
      1, true, '4', case when k %% 5 = 0 then '3' else '4' end, 80 + k %% 21, '单位' || (c.id * 31 + k) %% 300,
      '电工', '', sha256(((c.id * 1000 + k)::text)::bytea)
    from academies_trainingclass c, generate_series(0, {a_class} - 1) k
"""
ROOM_ROWS = """
    insert into academies_room (academy_id, name, capacity, version)
    select a, '一号楼', {a_class}, 1 from generate_series(1, {academies}) a
"""
#: Pattern → what plants it in the academies ``{of}``, of year 2025.
PLANTED = {
    "copied": """
        update academies_enrolment e set person_id = was.person_id
        from (select academy_id, person_id, row_number() over (partition by academy_id order by id) n
          from academies_enrolment where year = 2024 and training_class_id in (
            select id from academies_trainingclass where number = '3')) was,
          (select id, academy_id, row_number() over (partition by academy_id order by id) n
          from academies_enrolment where year = 2025 and training_class_id in (
            select id from academies_trainingclass where number = '4')) now
        where e.id = now.id and was.academy_id = now.academy_id and was.n = now.n and now.n > 3
          and e.academy_id in ({of});
        -- in a week of its own: people of last year's class sit elsewhere in the others
        update academies_trainingclass set starts_on = starts_on + 6, ends_on = ends_on + 6
        where academy_id in ({of}) and year = 2025 and number = '4'
    """,
    "full_attendance": """
        update academies_enrolment set attendance = 100 where academy_id in ({of}) and training_class_id in (
          select id from academies_trainingclass where year = 2025 and number = '5')
    """,
    "over_planned": """
        update academies_trainingclass set planned_count = 25
        where academy_id in ({of}) and year = 2025 and number = '6'
    """,
    "over_room": """
        update academies_room set capacity = {a_class} - 1 where academy_id in ({of})
    """,
    "long_days": """
        update academies_trainingclass set hours = 60
        where academy_id in ({of}) and year = 2025 and number = '7'
    """,
    "one_employer": """
        update academies_enrolment set employer = '同一单位' where academy_id in ({of}) and year = 2025
          and id %% 10 <> 0
    """,
    "holidays": """
        update academies_trainingclass set starts_on = '2025-12-30', ends_on = '2025-12-30', hours = 6
        where academy_id in ({of}) and year = 2025 and number = '8'
    """,
    "two_places": """
        update academies_enrolment e set person_id = other.person_id
        from (select distinct on (academy_id) academy_id, person_id from academies_enrolment
          where year = 2025 and training_class_id in (
            select id from academies_trainingclass where number = '9') order by academy_id, id) other
        where e.academy_id in ({of}) and other.academy_id = case when e.academy_id %% 2 = 0
            then e.academy_id - 1 else e.academy_id + 1 end
          and e.id in (select max(n.id) from academies_enrolment n join academies_trainingclass c
            on c.id = n.training_class_id where c.year = 2025 and c.number = '9' group by c.id)
    """,
    "one_phone": """
        update academies_enrolment e set phone_digest = '\\x01' where academy_id in ({of}) and year = 2025
          and id in (select max(n.id) from academies_enrolment n join academies_trainingclass c
            on c.id = n.training_class_id where c.year = 2025 and c.number = '1' group by c.id)
    """,
    "age": """
        update academies_enrolment e set person_id = {persons} + e.academy_id
        where e.academy_id in ({of}) and e.id in (
          select max(n.id) from academies_enrolment n join academies_trainingclass c
            on c.id = n.training_class_id where c.year = 2025 and c.number = '2' group by c.id)
    """,
}
EXPENSE = (
    "insert into subsidies_expense (id, academy_id, fund_id, spent_on, project, use, use_title, summary,"
    " payee, invoice_code, invoice_number, amount, voucher, entry_id) values (%s, %s, %s,"
    " date '2025-01-01' + %s::int, '', 'seminar', '专题研讨会', '', %s, '', %s, %s, %s, %s)"
)
#: People of their own for academies whose year has just as many as the standard asks for.
AT_THRESHOLD = """
    update academies_enrolment e set person_id = {first} + (e.academy_id %% {of_each}) * {asked}::bigint
      + now.n %% {asked}
    from (select id, row_number() over (partition by academy_id order by id) as n
      from academies_enrolment where academy_id in ({of}) and year = 2025) now
    where e.id = now.id
"""
#: An invoice taken back as red-corrected: the entry of its expense reversed for that reason.
REVERSED = """
    with red as (
      insert into subsidies_entry (chain, sequence, kind, key, giver_id, taker_id, academy_id, amount,
        reverses_id, reason, booked_on, note, evidence, made_by_id, previous_hash, hash)
      select 'planted', x.id, 'red', 'planted:' || x.id, 2, 1, x.academy_id, x.amount, x.entry_id, 'invoice',
        x.spent_on, '', '', (select min(id) from organizations_user), '', ''
      from subsidies_expense x where x.id = any(%s) returning id, sequence
    )
    update subsidies_expense x set red_id = red.id from red where x.id = red.sequence
"""
EXPENSE_ROWS = """
    insert into subsidies_expense (id, academy_id, fund_id, spent_on, project, use, use_title, summary, payee,
      invoice_code, invoice_number, amount, voucher, entry_id)
    select g, 1 + g %% {academies}, {fund}, make_date(2025, 1, 2) + (g::bigint * 7919 %% 330)::int, '', 'seminar',
      '专题研讨会', '', '公司' || g %% {academies} || '-' || g * 31 %% 37, '', '25' || lpad((g::bigint * 7654321)::text, 18, '0'),
      (100 + g::bigint * 104729 %% 190000 / 100.0 + 0.37)::numeric(16, 2), '记-' || g, g
    from generate_series(1, {invoices}) g
"""
