-- The segments of 一线工作经历, one row each, of the rows (line, career, birth_on) in <careers>.
-- Most careers have each period at the beginning of a piece. The others are cut before every period,
-- however it is parted from what stands before it; periods inside brackets are remarks (其间脱产学习),
-- kept from being cut by having their digits wide. A segment whose words hold another date is not
-- read: nothing of a cell is left out in silence.
-- A pattern without groups finds where the dates end; the numbers in them tell the rest: asking the
-- pattern for its groups costs thirty times as much, and where nothing but the dates stands before
-- the first blank, being told so is enough. Each step is fenced, lest it be done again
-- wherever its result is used.
select told.line, told.place, told.birth_on, told.start_month, told.end_month, told.is_open,
  case when told.is_usual then told.text else translate(told.text, '０１２３４５６７８９', '0123456789') end
    as text,
  case when told.is_usual then told.remainder
    else translate(told.remainder, '０１２３４５６７８９', '0123456789') end as remainder,
  told.start_month is null and told.text !~ '[12１２][0-9０-９]{3}' as is_note,
  not told.is_usual and told.text ~ '[１２][０-９]{3}' as has_dated_remark,
  told.start_month is not null and (told.is_open or told.end_month is not null)
    and (told.following = '' or strpos('0123456789./年月-', told.following) = 0)
    and (told.is_usual or told.remainder !~ '(19|20)[0-9]{2} *[年./至到—–―~～-]') as is_read
from (
  select cut.line, cut.place, cut.birth_on, cut.text, cut.is_usual,
    case when cut.parts[2]::int between 1 and 12
      then cut.parts[1]::int * 12 + cut.parts[2]::int - 1 end as start_month,
    case
      when length(cut.parts[3]) = 4 then
        case when cut.parts[4]::int between 1 and 12
          then cut.parts[3]::int * 12 + cut.parts[4]::int - 1 end
      when length(cut.parts[4]) = 4 and cut.parts[5]::int between 1 and 12
        then cut.parts[4]::int * 12 + cut.parts[5]::int - 1 end as end_month,
    coalesce(length(cut.parts[3]), 0) <> 4 and coalesce(length(cut.parts[4]), 0) <> 4 as is_open,
    substr(cut.text, length(cut.head) + 1, 1) as following,
    ltrim(substr(cut.text, length(cut.head) + 1), ' :：,，、') as remainder
  from (
    select piece.line, piece.place, piece.birth_on, piece.text, piece.head, piece.is_usual,
      array_remove(string_to_array(
        case when piece.is_plain then translate(piece.head, '.年月/至-—今到–~～', repeat(' ', 12))
        else translate(piece.head, '年月份日号./-—–―~～至到今现在目前当自从起始开以来止', repeat(' ', 29))
        end, ' '), '') as parts
    from (
      select bare.line, bare.place, bare.birth_on, bare.text, bare.is_plain, bare.is_usual,
        case when bare.is_plain then split_part(bare.text, ' ', 1)
        else substring(bare.text from
          '^(?:自|从)? *[12][0-9]{3} *[年./-] *[0-9]{1,2} *月?份?(?:[./-][0-9]{1,2}日?|[0-9]{1,2}[日号])? *(?:起|开始|以来)? *(?:至|到|-|—|–|―|~|～)[至到—–―~～ -]*(?:[12][0-9]{3} *[年./-] *[0-9]{1,2} *月?份?(?:[./-][0-9]{1,2}日?|[0-9]{1,2}[日号])?止?|今|现在|目前|当前|现今)') end as head
      from (
        select split.line, split.place, split.birth_on, split.is_plain, split.is_usual,
          case when not split.is_plain
            and split.text ~ '^(?:[(（]?[0-9]{1,2}[)）.、] *[12][0-9]{3}[ 年./-]|[①-⑳])'
            then regexp_replace(split.text, '^(?:[(（]?[0-9]{1,2}[)）.、]|[①-⑳]) *', '')
            else split.text
          end as text
        from (
          select rows.line, pieces.place, rows.birth_on, pieces.text, rows.is_usual,
            pieces.text ~ ('^[12][0-9]{3}[年./-][0-9]{1,2}月?'
              '(至今|[至到—–~～-](今|[12][0-9]{3}[年./-][0-9]{1,2}月?)) ') as is_plain
          from (
            select told.line, told.birth_on, told.is_usual,
              case
                when not told.is_usual then <parted>
                when strpos(told.career, '。') > 0
                  then regexp_replace(told.career, '[ 。]+(?=$|[;；\n])', '', 'g')
                else told.career
              end as career
            from (
              select line, birth_on, career,
                career !~ ('[﹔|｜〜∼〰−─━‐‑‒―⸺﹣－ｰー]|(?:19|20)[0-9]{4}'
                  '|[（(【〔\[][^（(【〔\[）)】〕\]]*[12][0-9]{3}'
                  '|[^0-9年月日号./;；\n至到自从—–~～ -][ ，,。、/]*(?:[0-9]{1,2}[)）.、] *)?'
                  '[12][0-9]{3} *[年./至到—–~～-]'
                  '|[月日今] *[12][0-9]{3} *[年./-]|[0-9] +[12][0-9]{3} *[年./-]') as is_usual
              from (<careers>) careers
              offset 0
            ) told
            offset 0
          ) rows
          cross join lateral string_to_table(
            replace(replace(replace(replace(rows.career,
              '；', ';'), chr(10), ';'), '; ', ';'), ' ;', ';'),
            ';') with ordinality as pieces(text, place)
          where rows.career <> '' and pieces.text <> ''
          offset 0
        ) split
        offset 0
      ) bare
      offset 0
    ) piece
    offset 0
  ) cut
  offset 0
) told
