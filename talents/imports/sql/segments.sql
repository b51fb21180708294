-- The segments of 一线工作经历, one row each, of rows (line, career).
-- The common spellings are told by one test and cut by plain text functions; only the others are
-- worth a regular expression with groups, which costs thirty times as much.
select piece.line, piece.place, piece.text, piece.start_month,
  case when piece.is_open then null else piece.end_month end as end_month,
  piece.is_open, piece.text !~ '[12][0-9]{3}' as is_note,
  piece.start_month is not null and (piece.is_open or piece.end_month is not null) as is_read,
  trim(piece.remainder) as remainder
from (
  select told.line, told.place, told.text,
    (case when told.is_plain then
       case when split_part(told.head, '-', 2)::int between 1 and 12 then
         split_part(told.head, '-', 1)::int * 12 + split_part(told.head, '-', 2)::int - 1 end
     when told.parts[2]::int between 1 and 12 then
       told.parts[1]::int * 12 + told.parts[2]::int - 1 end) as start_month,
    (case when told.is_plain then
       case when split_part(told.head, '-', 4) <> ''
         and split_part(told.head, '-', 4)::int between 1 and 12 then
         split_part(told.head, '-', 3)::int * 12 + split_part(told.head, '-', 4)::int - 1 end
     when told.parts[4]::int between 1 and 12 then
       told.parts[3]::int * 12 + told.parts[4]::int - 1 end) as end_month,
    case when told.is_plain then split_part(told.head, '-', 3) = '今'
      else told.parts[5] is not null end as is_open,
    case when told.is_plain then substr(told.text, strpos(told.text || ' ', ' '))
      else told.parts[6] end as remainder
  from (
    select cut.line, cut.place, cut.text, cut.is_plain,
      case when cut.is_plain then
        translate(split_part(cut.text, ' ', 1), '年./至到—–~～月', '---------') end as head,
      case when not cut.is_plain then regexp_match(cut.text,
        '^(?:[(（]?[0-9]{1,2}[)）.、] *(?=[0-9]{4} *[年./-])|[①-⑳] *)?(?:自|从)? *'
        '([12][0-9]{3}) *[年./-] *([0-9]{1,2}) *月?份?(?:[./-][0-9]{1,2}日?|[0-9]{1,2}[日号])?'
        ' *(?:起|开始|以来)? *(?:至|到|-|—|–|―|~|～)(?:至|到|-|—|–|―|~|～| )*'
        '(?:([12][0-9]{3}) *[年./-] *([0-9]{1,2}) *月?份?(?:[./-][0-9]{1,2}日?|[0-9]{1,2}[日号])?'
        '止?|(今|现在|目前|当前|现今)) *(?:[:：,，、] *)?(?![0-9./年月])(.*)$') end as parts
    from (
      select split.line, split.place, trim(split.text, ' 。') as text,
        trim(split.text, ' 。') ~ ('^[12][0-9]{3}[年./-][0-9]{1,2}月?'
          '(至今|[至到—–~～-](今|[12][0-9]{3}[年./-][0-9]{1,2}月?))( |$)') as is_plain
      from (
        select rows.line, pieces.place, pieces.text
        from (<careers>) rows
        cross join lateral string_to_table(
          translate(
            case when rows.career ~ '[，,。、] *[12][0-9]{3} *[年./-]' then
              regexp_replace(rows.career,
                '[，,。、] *(?=[12][0-9]{3} *[年./-] *[0-9]{1,2} *月?[^，,。；;]{0,6}[至到—–~～-])',
                ';', 'g')
            else rows.career end,
            '；' || chr(10), ';;'),
          ';') with ordinality as pieces(text, place)
        where rows.career <> '' and trim(pieces.text, ' 。') <> ''
      ) split
    ) cut
  ) told
) piece
