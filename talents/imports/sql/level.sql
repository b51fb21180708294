-- A skill level by its digit, '' for none, NULL for what is no level. Most cells are plain names.
(case <cell>
  when '无' then '' when '' then '' when '初级工' then '5' when '中级工' then '4'
  when '高级工' then '3' when '技师' then '2' when '高级技师' then '1' when '特级技师' then 'T'
  when '首席技师' then 'S' when '学徒工' then '0'
  else (select case
    when bare in ('暂无', '没有', '/', '-', '--', '—', '——', '–', '、', '无等级', '无证书', '无。')
      then ''
    <whole>
  end from (select replace(replace(<cell>, ' ', ''), chr(10), '') as bare) told)
end)
