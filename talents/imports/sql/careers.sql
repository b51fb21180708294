-- The careers of staged rows; where people write 无 they have none.
select r.line, @blank(career) as career, r.identity_birth_on as birth_on
from <pending> r
