/** Names that the test set-up and the tests share. */
export const templateDatabase = 'hedgerow_template';

/** Roles of their own, so that a server which also holds a real Hedgerow keeps its passwords. */
export const testRoles = {
  owner: { user: 'hedgerow_test_owner', password: 'owner-of-the-tests' },
  api: { user: 'hedgerow_test_api', password: 'login-of-the-tests' },
  auth: { user: 'hedgerow_test_auth', password: 'keeper-of-the-tests' },
  inspector: { user: 'hedgerow_test_inspector', password: 'looker-of-the-tests' },
};

/** The superuser URL of the server that the tests run on. */
export const testAdminUrl = (): string => process.env.TEST_ADMIN_URL!;
