-- Yuan as people type them; NULL for what is none, is not positive, or is finer than a 分. What a
-- spreadsheet adds in the ninth decimal and beyond is not the typist's.
(select case when told.yuan > 0 and abs(told.yuan - round(told.yuan, 2)) < 0.00000001
    then round(told.yuan, 2) end
  from (
    select case when bare ~ '^[0-9]{1,12}([.][0-9]{1,20})?$' then bare::numeric end as yuan
    from regexp_replace(<cell>, '[,，￥¥元圆 ]', '', 'g') as bare
  ) told)
