"""What would follow if some facts were others: worked out from a record by its own rules, never recorded."""
