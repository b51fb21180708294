"""What national standards call the things said about a person; kept as these words.

Offered where somebody picks, and read by imports as they stand: folding changes none of them. What
is on file in other words stays as it is.
"""

#: GB/T 3304, in its order; its code 97 is 其他.
ETHNICITIES = (
    "汉族", "蒙古族", "回族", "藏族", "维吾尔族", "苗族", "彝族", "壮族", "布依族", "朝鲜族", "满族",
    "侗族", "瑶族", "白族", "土家族", "哈尼族", "哈萨克族", "傣族", "黎族", "傈僳族", "佤族", "畲族",
    "高山族", "拉祜族", "水族", "东乡族", "纳西族", "景颇族", "柯尔克孜族", "土族", "达斡尔族",
    "仫佬族", "羌族", "布朗族", "撒拉族", "毛南族", "仡佬族", "锡伯族", "阿昌族", "普米族",
    "塔吉克族", "怒族", "乌孜别克族", "俄罗斯族", "鄂温克族", "德昂族", "保安族", "裕固族", "京族",
    "塔塔尔族", "独龙族", "鄂伦春族", "赫哲族", "门巴族", "珞巴族", "基诺族", "其他",
)  # fmt: skip

#: GB/T 4658, from the top, in the short forms that tables are filled in with.
EDUCATIONS = (
    "研究生", "大学本科", "大专", "中专", "技工学校", "高中", "初中", "小学", "文盲或半文盲",
)  # fmt: skip

#: GB/T 4762, in its order and short forms.
POLITICAL_STATUSES = (
    "中共党员", "中共预备党员", "共青团员", "民革党员", "民盟盟员", "民建会员", "民进会员",
    "农工党党员", "致公党党员", "九三学社社员", "台盟盟员", "无党派人士", "群众",
)  # fmt: skip

#: What tables say as often, and nobody misreads; kept as it stands.
EVERYDAY_EDUCATIONS = (
    "本科",
    "专科",
    "大学专科",
    "大学",
    "硕士研究生",
    "博士研究生",
    "技校",
    "职高",
)
