package store

import (
	"errors"
	"os"
	"strings"

	"pingyi/ballot/evidence"
)

// keyFrom is a public key and the size of the log from which on it signs.
type keyFrom struct {
	size     int64
	verifier string
}

// origin is the key's name, and the log's.
func (k keyFrom) origin() string {
	name, _, _ := strings.Cut(k.verifier, "+")
	return name
}

// keyAt is the key that signed the log when it had so many entries.
func (v *verifier) keyAt(size int64) (k keyFrom) {
	for _, one := range v.keys {
		if one.size <= size {
			k = one
		}
	}
	return k
}

// begun finds where the log begins, which is once, with the digests of all meetings one after another, and the keys that acts name.
func (v *verifier) begun() {
	first := -1
	for i, a := range v.acts {
		switch {
		case a.Act == actBegin && a.Meeting == "" && first < 0:
			first = i
			v.keys = append(v.keys, keyFrom{int64(i) + 1, a.verifier()})
		case a.Act == actBegin && (first < 0 || a.Meeting == "" || v.acts[i-1].Act != actBegin):
			v.fault("第 %d 条记录又一次开始存证：此前的内容在两次之间可能被改动", "act %d begins the log again: what was there before may have been changed in between", a.ID)
		case first < 0 && (a.Act == actNewKey || a.Facts != ""):
			v.fault("第 %d 条记录是存证里的，却在存证开始之前", "act %d is of a log, and stands before the log begins", a.ID)
		case a.Act == actNewKey:
			v.keys = append(v.keys, keyFrom{int64(i) + 1, a.verifier()})
			v.ok("存证密钥在第 %d 条记录换过（%s）：此前的公钥只证明此前的内容", "the key was replaced by act %d (%s): the one before vouches for what was before", a.ID, a.Actor)
		}
	}
	switch {
	case first < 0:
		v.fault("操作记录里没有存证的开始", "the acts do not say where the log begins")
	case first > 0:
		v.ok("存证从第 %d 条记录（%s）开始：此前的记录和当时已有的内容，存证只知道那时是什么样。不是那天升级的，就是存证被人删去重来", "the log begins with act %d (%s): of the acts before it, and of what was there then, it knows only what they were by then. Where there was no upgrade that day, the log was deleted and begun anew", v.acts[first].ID, v.acts[first].Time)
	}
}

// key finds the public keys: what the log itself says, held against the one from outside and the one in the folder.
func (v *verifier) key() error {
	v.begun()
	now := v.keyAt(int64(len(v.acts)))
	k, err := evidence.LoadKey(v.folder)
	switch {
	case errors.Is(err, os.ErrNotExist):
		v.ok("数据文件夹里没有存证密钥：只按公钥核对", "the folder has no key: signatures are checked by the public key alone")
	case err != nil:
		v.fault("存证密钥文件无法使用：%v", "the key's file is of no use: %v", err)
	case k.Verifier() != now.verifier:
		v.fault("文件夹里的存证密钥不是存证所记的那一把：密钥被换过", "the folder's key is not the one that the log names: it was exchanged")
	}
	switch v.outside.Verifier {
	case "":
		v.ok("未提供公钥（--key）：签名只能按存证自己所记的公钥核对", "no public key was given (--key): signatures are checked by the one that the log itself names")
	case now.verifier:
		v.ok("公钥与提供的一致", "the public key is the one given")
	default:
		v.fault("存证现在所用的公钥与提供的不同", "the log is signed by another key than the one given")
	}
	return nil
}
