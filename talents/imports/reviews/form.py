"""专家评审打分汇总表: its columns as the city keeps them, and the other names people give them."""

from intake.spreadsheets.tables import Column, Form
from talents.models.reviews import FORCES

FORM = Form(
    name="专家评审打分汇总表",
    number="number",
    columns=(
        Column("number", "序号", ("编号", "序列")),
        Column("candidate", "推荐人选序号", ("人选序号", "候选人序号", "人选编号")),
        Column("name", "姓名", ("人选姓名", "推荐人选"), is_required=False),
        Column("expert", "专家编号", ("专家", "评委编号", "专家代号")),
        *(
            Column(f"mark_{force}", label, (f"{label}得分", f"{label}评分"))
            for force, label in FORCES.items()
        ),
        Column("recused", "是否回避", ("回避", "是否申请回避"), is_required=False),
    ),
)
