package scans_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/encoding/simplifiedchinese"

	"pingyi/ballot"
)

// Names are drawn from common ones and from rare and intricate characters; organisations from the
// parts that names of party organisations are made of.
var (
	surnames = strings.Split("王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙 马 朱 胡 郭 何 高 林 罗 郑 梁 谢 宋 唐 许 邓 冯 韩 曹 曾 彭 萧 蔡 潘 田 董 袁 于 余 叶 蒋 杜 苏 魏 程 吕 丁 沈 任 姚 卢 傅 钟 姜 崔 谭 廖 范 汪 陆 金 石 戴 贾 韦 夏 邱 方 侯 邹 熊 孟 秦 白 江 阎 薛 尹 段 雷 黎 史 龙 陶 贺 顾 毛 郝 龚 邵 万 钱 严 赖 覃 洪 武 莫 孔 欧阳 上官 司马 诸葛 阿布都", " ")
	given    = []rune("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华玉梅建国文斌红梅晓东志宏海波林峰永康振成慧玲国庆德胜春生佳琪思远子轩雨涵浩然嘉懿婷雪瑞祥福贵金凤银花庆云立新学友家栋宇航欣怡梦瑶晨曦博文俊杰天佑鹏飞凯旋彦霖昊翔锦绣毅然璐瑾瑜琳琅曼婉彤煜焱炜烨铭鑫钰锐恒旭昕昶晟晔朗朋胜肖尚岚峻岩岳屹崇嵩骏骥驰骁骞翰翊翠翡莹蓉蓓薇蕾懋馨筠箐策笃一乙二丁千士大小山川少长仁义礼智信忠孝廉耻")
	places   = []string{"地委", "地区", "行署", "市", "县", "直属"}
	offices  = []string{"公安局", "宣传部", "信访局", "检察分院", "住房公积金管理中心", "科技局", "林草局", "组织部", "统战部", "政法委", "财政局", "审计局", "人力资源和社会保障局", "发展和改革委员会", "教育局", "卫生健康委员会", "市场监督管理局", "生态环境局", "自然资源局", "农业农村局", "水利局", "交通运输局", "文化体育广播电视和旅游局", "退役军人事务局", "应急管理局", "统计局", "医疗保障局", "机关事务服务中心", "档案馆", "党校", "融媒体中心", "供销社", "残联", "妇联", "团委", "总工会", "工商联", "气象局", "消防救援支队", "中心血站"}
	bodies   = []string{"机关党委", "党支部", "机关党总支", "第一党支部", "第二党支部", "离退休干部党支部"}
)

func drawName(r *rand.Rand) string {
	name := surnames[r.IntN(len(surnames))] + string(given[r.IntN(len(given))])
	if r.IntN(4) > 0 {
		name += string(given[r.IntN(len(given))])
	}
	return name
}

func drawOrg(r *rand.Rand) string {
	return places[r.IntN(len(places))] + offices[r.IntN(len(offices))] + bodies[r.IntN(len(bodies))]
}

// namedMeeting is a meeting of n subjects whose names all differ.
func namedMeeting(n int, kind ballot.FormKind, paper string, r *rand.Rand) *ballot.Meeting {
	m := &ballot.Meeting{ID: "m", Title: "党组织书记抓基层党建工作述职评议表", Organiser: "地直机关工委", Date: "2026-01-15", Rules: ballot.DefaultRules(), Version: 1}
	m.Rules.Form, m.Rules.Layout.Paper = kind, paper
	var names []string
	for len(names) < n {
		if name := drawName(r); !slices.Contains(names, name) {
			names = append(names, name)
			m.Subjects = append(m.Subjects, ballot.Subject{No: len(names), Name: name, Org: drawOrg(r), Mode: ballot.Written})
		}
	}
	return m
}

// firstLevel are the 3,755 characters of the first level of GB 2312.
var firstLevel = func() (out []rune) {
	decode := simplifiedchinese.GBK.NewDecoder()
	for row := byte(0xB0); row <= 0xD7; row++ {
		for cell := byte(0xA1); cell <= 0xFE; cell++ {
			s, err := decode.String(string([]byte{row, cell}))
			if r := []rune(s); err == nil && len(r) == 1 && unicode.Is(unicode.Han, r[0]) {
				out = append(out, r[0])
			}
		}
	}
	return out
}()
