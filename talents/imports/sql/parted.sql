-- A career that is not plain, with a semicolon before every period: dashes of one kind, 201906 as
-- 2019.06, brackets that hold a year kept whole.
(
  select regexp_replace(regexp_replace(regexp_replace(whole.career,
    '(?:[(（]?[0-9]{1,2}[)）.、] *|[①-⑳] *)?(?:自|从)? *[12][0-9]{3} *[年./-] *[0-9]{1,2} *月?份?(?:[./-][0-9]{1,2}日?|[0-9]{1,2}[日号])? *(?:起|开始|以来)? *(?:至|到|-|—|–|―|~|～)[至到—–―~～ -]*(?:[12][0-9]{3} *[年./-] *[0-9]{1,2} *月?份?(?:[./-][0-9]{1,2}日?|[0-9]{1,2}[日号])?止?|今|现在|目前|当前|现今)', ';\&', 'g'),
    ';[ ，,。、/|｜]+', ';', 'g'),
    '[ ，,。、/|｜]+(?=$|[;；\n])', '', 'g')
  from (
    select case when even.career !~ '[（(【〔\[][^（(【〔\[）)】〕\]]*[12][0-9]{3}' then even.career
      else (
        select string_agg(
          case when part ~ '^[（(【〔\[].*[12][0-9]{3}'
            then translate(part, '0123456789', '０１２３４５６７８９') else part end,
          '' order by place)
        from regexp_split_to_table(even.career, '(?=[（(【〔\[])|(?<=[）)】〕\]])')
          with ordinality as parts(part, place)
      ) end as career
    from (
      select case when dashed.career !~ '(?:19|20)[0-9]{4}' then dashed.career
        else regexp_replace(regexp_replace(dashed.career,
          '(?<![0-9.])((?:19|20)[0-9]{2})(0[1-9]|1[0-2])(?:[0-3][0-9])?( *[至到—–―~～-])', '\1.\2\3', 'g'),
          '([至到—–―~～-] *)((?:19|20)[0-9]{2})(0[1-9]|1[0-2])(?:[0-3][0-9])?(?![0-9])', '\1\2.\3', 'g')
        end as career
      from (
        select regexp_replace(translate(told.career, '﹔', ';'),
          ' *[〜∼〰−─━‐‑‒―⸺﹣－ｰー]+ *(?=[0-9今现至目当])', '-', 'g') as career
      ) dashed
    ) even
  ) whole
)
