-- A day as people type it; NULL for anything else, and for a day that does not exist.
-- As spreadsheets hand it over, up to the 28th, it needs no taking apart: most cells are such.
(case when <cell> ~ '^[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$' then <cell>::date
  else (select case when told.month between 1 and 12 then
      case when told.day between 1 and extract(day from
          make_date(told.year, told.month, 1) + interval '1 month' - interval '1 day')
        then make_date(told.year, told.month, told.day) end
    end
    from (
      select parts[1]::int as year, parts[2]::int as month, parts[3]::int as day
      from coalesce(
        regexp_match(<cell>, '^([12][0-9]{3}) *[年./-] *([0-9]{1,2}) *[月./-] *([0-9]{1,2}) *[日号]?(?: [0-9:]+)?$'),
        regexp_match(<cell>, '^([12][0-9]{3})([0-9]{2})([0-9]{2})$')
      ) as parts
    ) told) end)
