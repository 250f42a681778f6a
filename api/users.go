package api

import (
	"context"

	"pingyi/api/auth"
	"pingyi/ballot"
)

// Account is a user as the admin sees it.
type Account struct {
	User     string      `json:"user"`
	Role     ballot.Role `json:"role"`
	Disabled bool        `json:"disabled"`
	Factor   bool        `json:"factor" doc:"a second factor is asked for when signing in"`
}

// AccountList is all accounts.
type AccountList struct {
	Users []Account `json:"users" nullable:"false"`
}

func accountOf(u auth.User) Account { return Account{u.Name, u.Role, u.Disabled, u.Factor != ""} }

func (s *server) registerUsers() {
	add(s, route("GET", "/users", "list-users", "users", "用户列表 list users"), s.listUsers)
	add(s, route("POST", "/users", "create-user", "users", "新增用户 add a user"), s.createUser)
	add(s, route("PATCH", "/users/{user}", "update-user", "users", "修改用户 change a user's role, password or access"), s.updateUser)
}

func (s *server) listUsers(ctx context.Context, _ *struct{}) (*body[AccountList], error) {
	users, err := s.Store.Users(ctx)
	list := AccountList{Users: []Account{}}
	for _, u := range users {
		list.Users = append(list.Users, accountOf(u))
	}
	return answer(list, err)
}

type createUserInput struct {
	Body struct {
		User     string      `json:"user" minLength:"1" maxLength:"64" pattern:"^[^\\s/]+$" doc:"no spaces, no slash"`
		Role     ballot.Role `json:"role" enum:"admin,printing,scanning,scrutineer,committee,auditor"`
		Password string      `json:"password" maxLength:"256"`
	}
}

func (s *server) createUser(ctx context.Context, in *createUserInput) (*body[Account], error) {
	hash, err := s.sessions.Hash(in.Body.User, in.Body.Password)
	if err != nil {
		return nil, err
	}
	u := auth.User{Name: in.Body.User, Role: in.Body.Role, Hash: hash, SetAt: s.Now().Unix()}
	return answer(accountOf(u), s.Store.CreateUser(ctx, actor(ctx), u))
}

type updateUserInput struct {
	User string `path:"user" maxLength:"64"`
	Body struct {
		Role     *ballot.Role `json:"role,omitempty" enum:"admin,printing,scanning,scrutineer,committee,auditor"`
		Password *string      `json:"password,omitempty" maxLength:"256"`
		Disabled *bool        `json:"disabled,omitempty"`
	}
}

func (s *server) updateUser(ctx context.Context, in *updateUserInput) (*body[Account], error) {
	read, err := s.Store.User(ctx, in.User)
	if err != nil {
		return nil, err
	}
	u := read
	if u.Name == actor(ctx) {
		return nil, ballot.Errorf(ballot.CodeForbidden, "不能更改自己的角色或停用自己；自己的密码请在“我的账号”修改", "you cannot change your own role or disable yourself; change your password on your account page")
	}
	if in.Body.Role != nil {
		u.Role = *in.Body.Role
	}
	if in.Body.Disabled != nil {
		u.Disabled = *in.Body.Disabled
	}
	if in.Body.Password != nil {
		if u.Hash, err = s.sessions.Hash(u.Name, *in.Body.Password); err != nil {
			return nil, err
		}
		u.Own = false
	}
	if in.Body.Role != nil || in.Body.Password != nil || in.Body.Disabled != nil {
		u.SetAt = max(s.Now().Unix(), u.SetAt+1) // never the same twice: sessions and tokens of before end by it
	}
	return answer(accountOf(u), s.Store.UpdateUser(ctx, actor(ctx), read, u))
}
