/**
 * What a good engineer writes by hand when the database knows nothing of users: Express, pg, jose, and `where user_id = $1` in every
 * statement. No row-level security, no transaction: each request is one named prepared statement.
 */
import cluster from 'node:cluster';
import { createSecretKey, randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import express, { type NextFunction, type Request, type Response } from 'express';
import { errors, jwtVerify } from 'jose';
import pg from 'pg';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string' },
    database: { type: 'string' },
    secret: { type: 'string' },
    processes: { type: 'string', default: '1' },
    pool: { type: 'string', default: '10' },
  },
});
const processes = Number(options.processes);

const columns = 'id, user_id, title, description, completed, created_at, updated_at';
const statements = {
  list: `select ${columns} from peer.tasks where user_id = $1 order by created_at desc limit $2`,
  get: `select ${columns} from peer.tasks where user_id = $1 and id = $2`,
  create: `insert into peer.tasks (user_id, title, description) values ($1, $2, $3) returning ${columns}`,
  toggle: `update peer.tasks set completed = not completed, updated_at = now() where user_id = $1 and id = $2 returning ${columns}`,
};

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Answered with its status, and its message. */
class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

if (processes > 1 && cluster.isPrimary) {
  for (let i = 0; i < processes; i += 1) cluster.fork();
  process.once('SIGTERM', () => {
    for (const worker of Object.values(cluster.workers ?? {})) worker?.kill('SIGTERM');
  });
} else {
  serve();
}

function serve() {
  const pool = new pg.Pool({ connectionString: options.database, max: Number(options.pool), idleTimeoutMillis: 0 });
  pool.on('error', () => {});
  const ask = async (name: keyof typeof statements, values: unknown[]): Promise<object[]> =>
    (await pool.query<object>({ name, text: statements[name], values })).rows;

  const key = createSecretKey(Buffer.from(options.secret!));
  /** Leaves the user's id in `res.locals`. */
  const authenticate = async (req: Request, res: Response, next: NextFunction) => {
    const [scheme, token] = (req.headers.authorization ?? '').split(' ');
    if (scheme !== 'Bearer' || token === undefined) throw new Refused(401, 'No token');
    try {
      const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], requiredClaims: ['sub', 'exp'] });
      res.locals['user'] = payload.sub;
    } catch (error) {
      throw new Refused(401, error instanceof errors.JWTExpired ? 'The token has expired' : 'The token is not valid');
    }
    next();
  };

  const meta = () => ({ timestamp: new Date().toISOString(), request_id: randomUUID() });
  const answerOne = (res: Response, [task]: object[], status = 200) => {
    if (!task) throw new Refused(404, 'There is no such task');
    res.status(status).json({ data: task, meta: meta() });
  };
  const idOf = ({ params }: Request) => {
    const { id } = params;
    if (typeof id !== 'string' || !uuid.test(id)) throw new Refused(422, 'The id must be a UUID');
    return id;
  };

  const tasks = express.Router();
  tasks.use(authenticate);
  tasks.get('/', async (req, res) => {
    const limit = Number(req.query['limit'] ?? 20);
    if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw new Refused(422, 'The limit must be 1 to 100');
    const rows = await ask('list', [res.locals['user'], limit]);
    res.json({ data: rows, meta: { ...meta(), total: rows.length } });
  });
  tasks.get('/:id', async (req, res) => answerOne(res, await ask('get', [res.locals['user'], idOf(req)])));
  tasks.post('/', express.json({ limit: '64kb' }), async (req, res) => {
    const { title, description = null } = (req.body ?? {}) as Record<string, unknown>;
    if (typeof title !== 'string' || title.length < 1 || title.length > 200) throw new Refused(422, 'A bad title');
    if (description !== null && (typeof description !== 'string' || description.length > 20_000)) {
      throw new Refused(422, 'A bad description');
    }
    answerOne(res, await ask('create', [res.locals['user'], title, description]), 201);
  });
  tasks.patch('/:id/complete', async (req, res) =>
    answerOne(res, await ask('toggle', [res.locals['user'], idOf(req)])),
  );

  const app = express().disable('x-powered-by').set('etag', false).set('query parser', 'simple');
  app.get('/health', (_req, res) => void res.json({ status: 'ok' }));
  app.use('/api/tasks', tasks);
  app.use((error: Error, _req: Request, res: Response, _next: NextFunction) => {
    const status = error instanceof Refused ? error.status : 500;
    if (status === 500) process.stderr.write(`the peer: ${error.message}\n`);
    res.status(status).json({ error: { message: status === 500 ? 'Internal error' : error.message }, meta: meta() });
  });

  const server = app.listen(Number(options.port), '127.0.0.1');
  process.once('SIGTERM', () => {
    server.close();
    server.closeAllConnections();
    void pool.end().finally(() => process.exit(0));
  });
}
