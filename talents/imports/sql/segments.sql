-- The segments of 一线工作经历, one row each, of the rows (line, career) in <careers>.
-- A pattern without groups finds where the dates end; the numbers in them tell the rest: asking the
-- pattern for its groups costs thirty times as much. Each step is fenced, lest it be done again
-- wherever its result is used.
select told.line, told.place, told.text, told.start_month, told.end_month, told.is_open,
  told.text !~ '[12][0-9]{3}' as is_note,
  told.remainder,
  told.start_month is not null and (told.is_open or told.end_month is not null)
    and told.remainder !~ '^[0-9./年月-]' as is_read
from (
  select cut.line, cut.place, cut.text,
    case when cut.parts[2]::int between 1 and 12
      then cut.parts[1]::int * 12 + cut.parts[2]::int - 1 end as start_month,
    case
      when length(cut.parts[3]) = 4 and cut.parts[4]::int between 1 and 12
        then cut.parts[3]::int * 12 + cut.parts[4]::int - 1
      when length(cut.parts[4]) = 4 and cut.parts[5]::int between 1 and 12
        then cut.parts[4]::int * 12 + cut.parts[5]::int - 1 end as end_month,
    cut.head ~ '[今现目当]' as is_open,
    ltrim(substr(cut.text, length(cut.head) + 1), ' :：,，、') as remainder
  from (
    select piece.line, piece.place, piece.text, piece.head,
      array_remove(string_to_array(
        translate(piece.head, '年月份日号./-—–―~～至到今现在目前当自从起始开以来止', repeat(' ', 32)),
        ' '), '') as parts
    from (
      select split.line, split.place, split.text, substring(split.text from
          '^(?:自|从)? *[12][0-9]{3} *[年./-] *[0-9]{1,2} *月?份?(?:[./-][0-9]{1,2}日?|[0-9]{1,2}[日号])?'
          ' *(?:起|开始|以来)? *(?:至|到|-|—|–|―|~|～)[至到—–―~～ -]*'
          '(?:[12][0-9]{3} *[年./-] *[0-9]{1,2} *月?份?(?:[./-][0-9]{1,2}日?|[0-9]{1,2}[日号])?止?'
          '|今|现在|目前|当前|现今)') as head
      from (
        select rows.line, pieces.place,
          case
            when pieces.text ~ '^[12][0-9]{3}' and right(pieces.text, 1) not in (' ', '。')
              then pieces.text
            when pieces.text ~ '^ *(?:[(（]?[0-9]{1,2}[)）.、] *[12][0-9]{3}[ 年./-]|[①-⑳])'
              then regexp_replace(trim(pieces.text, ' 。'),
                '^(?:[(（]?[0-9]{1,2}[)）.、]|[①-⑳]) *', '')
            else trim(pieces.text, ' 。')
          end as text
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
        where rows.career <> '' and pieces.text !~ '^[ 。]*$'
        offset 0
      ) split
      offset 0
    ) piece
    offset 0
  ) cut
  offset 0
) told
