/* Who may do what to which table, and by which policies. */
select "schema", "table", command, access, columns, policies
from admin.access_matrix
where role = 'hedgerow_visitor'
order by "schema", "table", command;

select "table", policy, command, roles, "using", "check" from admin.policies order by "schema", "table", policy;
