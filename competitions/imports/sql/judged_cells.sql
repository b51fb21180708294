-- Each mark is there, a number, from nothing to what its column allows, and whole where it judges.
with told as materialized (
  select c.*, case
      when cell = '' then 'mark-missing'
      when cell !~ '^[-+]?[0-9]{1,9}([.][0-9]*)?$' then 'mark-not-a-number'
      when cell::numeric < 0 then 'mark-negative'
      when cell::numeric > maximum then 'mark-above-maximum'
      when whole and cell::numeric <> trunc(cell::numeric) then 'judgement-not-whole'
      when scale(trim_scale(cell::numeric)) > 4 then 'mark-too-fine'
    end as code
  from (
    <cells>
  ) c
)
insert into intake_importfinding
  (batch_id, line, number, field, "column", code, severity, message)
select %(batch)s, line, number, key, %(headings)s::jsonb ->> key, code, 'error',
  '第' || line || '行“' || (%(headings)s::jsonb ->> key) || '”：' || case code
    when 'mark-missing' then '没有填写分数，请填写；确为缺考、弃赛的，请删去本行或登记退赛'
    when 'mark-not-a-number' then '“' || left(cell, 20) || '”不是数字，请核对后更正'
    when 'mark-negative' then '分数' || left(cell, 20) || '为负，请核对后更正'
    when 'mark-above-maximum' then '分数' || left(cell, 20) || '超过满分' || trim_scale(maximum)
      || case when whole then '（评价按0至3分打分）' else '' end || '，请核对后更正'
    when 'judgement-not-whole' then '评价分应为0、1、2、3，填写的是' || left(cell, 20) || '，请核对后更正'
    else '“' || left(cell, 20) || '”的小数超过4位，请核对后更正'
  end
from told
where code is not null
order by line, key
