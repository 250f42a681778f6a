package access

import "pingyi/ballot"

// ledgerFields is which of the two counting roles types which number: printing counts what goes out,
// scanning what comes back.
var ledgerFields = map[ballot.LedgerField]ballot.Role{
	ballot.Present: ballot.RolePrinting, ballot.Issued: ballot.RolePrinting, ballot.Spoiled: ballot.RolePrinting,
	ballot.NotReturned: ballot.RoleScanning, ballot.Returned: ballot.RoleScanning,
}

// AllowField checks that a role, which may enter or confirm numbers at all, may do so with this field.
func AllowField(field ballot.LedgerField, role ballot.Role) error {
	owner, ok := ledgerFields[field]
	if !ok {
		return ballot.Errorf(ballot.CodeInvalid, "台账没有“%s”一项", "the ledger has no field %q", string(field))
	}
	if owner != role && role != ballot.RoleScrutineer {
		return ballot.Errorf(ballot.CodeForbidden, "“%[1]s”一项由 %[2]s 角色录入", "field %[1]s is entered by the role %[2]s", string(field), string(owner))
	}
	return nil
}
