"""How fast the rules are, beside the same rules written in other ways, with equal results.

`books` makes the accounts and `constants` reads the numbers of the policy once. The rules in other hands are
`by_hand` (with `offers` and `pieces`), `by_pandas`, `by_zen` (with `expressions`) and `by_openfisca`.
`engines` names them all, `worker` measures one of them in a process of its own, `comparison` holds each
against the core, account by account, `session` runs them in turn and `report` writes the table.
"""
