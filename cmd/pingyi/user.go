package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pingyi/api"
	"pingyi/api/auth"
	"pingyi/ballot"
	"pingyi/ballot/store"
)

func userCommand() *cobra.Command {
	c := &cobra.Command{Use: "user", Short: "用户 (manage users)"}
	c.AddCommand(userAddCommand(), userListCommand(), userResetFactorCommand())
	return c
}

func userAddCommand() *cobra.Command {
	var role string
	c := &cobra.Command{Use: "add NAME --role ROLE", Short: "新建用户，口令从标准输入读一行 (add a user; the password is one line of standard input)", Args: cobra.ExactArgs(1)}
	read := bind(c, "data")
	c.Flags().StringVar(&role, "role", "", fmt.Sprintf("one of %v", ballot.Roles()))
	_ = c.MarkFlagRequired("role")
	c.RunE = func(c *cobra.Command, args []string) error {
		conf, err := read()
		if err != nil {
			return err
		}
		if !slices.Contains(ballot.Roles(), ballot.Role(role)) {
			return usageError{fmt.Errorf("role %q: give one of %v", role, ballot.Roles())}
		}
		fmt.Fprintln(c.ErrOrStderr(), "口令 password:")
		line, err := bufio.NewReader(c.InOrStdin()).ReadString('\n')
		password := strings.TrimRight(line, "\r\n")
		if password == "" {
			return errors.Join(errors.New("no password on standard input"), err)
		}
		if err := auth.CheckPassword(args[0], password); err != nil {
			return err
		}
		s, err := openStore(conf)
		if err != nil {
			return err
		}
		u := store.User{Name: args[0], Role: ballot.Role(role), Hash: auth.HashPassword(password, auth.DefaultCost()), SetAt: time.Now().Unix()}
		return errors.Join(s.CreateUser(c.Context(), "command line", u), s.Close())
	}
	return c
}

func userResetFactorCommand() *cobra.Command {
	c := &cobra.Command{Use: "reset-factor NAME", Short: "取消用户的两步验证：手机和恢复码都丢了时用 (take a user's second factor away, where phone and recovery codes are lost)", Args: cobra.ExactArgs(1)}
	read := bind(c, "data")
	c.RunE = func(c *cobra.Command, args []string) error {
		conf, err := read()
		if err != nil {
			return err
		}
		return withStore(conf, func(s *store.Store) error { return s.SetFactor(c.Context(), "command line", store.User{Name: args[0]}) })
	}
	return c
}

func userListCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{Use: "list", Short: "列出用户 (list users)", Args: cobra.NoArgs}
	read := bind(c, "data")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.RunE = func(c *cobra.Command, _ []string) error {
		conf, err := read()
		if err != nil {
			return err
		}
		return withStore(conf, func(s *store.Store) error {
			users, err := s.Users(c.Context())
			if err != nil {
				return err
			}
			list := []api.Account{} // never with what a password is kept as
			for _, u := range users {
				list = append(list, api.Account{User: u.Name, Role: u.Role, Disabled: u.Disabled, Factor: u.Factor != ""})
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(list)
			}
			for _, u := range list {
				state := ""
				if u.Disabled {
					state = " (disabled)"
				}
				fmt.Fprintf(c.OutOrStdout(), "%s\t%s%s\n", u.User, u.Role, state)
			}
			return nil
		})
	}
	return c
}
