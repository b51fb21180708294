-- A skill level by its digit, '' for none, NULL for what is no level. Most cells are plain names.
(case <cell>
  when '无' then '' when '' then '' <plain>
  else (select case
    when bare in ('暂无', '没有', '/', '-', '--', '—', '——', '–', '、', '无等级', '无证书', '无。')
      then ''
    <whole>
  end from (select replace(replace(<cell>, ' ', ''), chr(10), '') as bare) told)
end)
