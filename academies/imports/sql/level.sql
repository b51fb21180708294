-- A skill level by its digit, '' for none, NULL for what is no level.
(case <cell>
  when '无' then '' when '' then '' when '初级工' then '5' when '中级工' then '4'
  when '高级工' then '3' when '技师' then '2' when '高级技师' then '1' when '特级技师' then 'T'
  when '首席技师' then 'S' when '学徒工' then '0'
  else case
    when <cell> in ('暂无', '没有', '/', '-', '--', '—', '——', '–', '无等级', '无证书') then ''
    when <cell> ~ '特级技师' then 'T'
    when <cell> ~ '首席技师' then 'S'
    when <cell> ~ '高级技师|^(一级|1级|国家职业资格一级)' then '1'
    when <cell> ~ '技师|^(二级|2级|国家职业资格二级)' then '2'
    when <cell> ~ '高级工?|^(三级|3级|国家职业资格三级)' then '3'
    when <cell> ~ '中级工?|^(四级|4级|国家职业资格四级)' then '4'
    when <cell> ~ '初级工?|^(五级|5级|国家职业资格五级)' then '5'
    when <cell> ~ '学徒' then '0'
  end
end)
