/** What this front end asks. `npm run codegen` reads it, checks it against the schema, and types it. */
import { graphql } from './gql/index.ts';

/** What it wants to know of a task, everywhere. */
export const TaskParts = graphql(`
  fragment TaskParts on Task {
    id
    title
    description
    completed
    priority
    dueAt
    tags
    version
    deletedAt
  }
`);

export const ListTasks = graphql(`
  query ListTasks($search: String, $filter: TaskFilter, $orderBy: [TaskOrderBy!], $first: Int, $after: Cursor) {
    tasks(search: $search, filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
      totalCount
      nodes {
        ...TaskParts
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const CreateTask = graphql(`
  mutation CreateTask($task: TaskInput!) {
    createTask(input: { task: $task }) {
      task {
        ...TaskParts
      }
    }
  }
`);

export const GetTask = graphql(`
  query GetTask($id: UUID!) {
    task(id: $id) {
      ...TaskParts
    }
  }
`);

export const UpdateTask = graphql(`
  mutation UpdateTask($id: UUID!, $ifVersion: Int, $patch: TaskPatch!) {
    updateTask(input: { id: $id, ifVersion: $ifVersion, patch: $patch }) {
      task {
        ...TaskParts
      }
    }
  }
`);

export const CompleteTasks = graphql(`
  mutation CompleteTasks($tasks: [TaskRefInput!]!) {
    completeTasks(input: { tasks: $tasks }) {
      tasks {
        ...TaskParts
      }
    }
  }
`);

export const WatchTasks = graphql(`
  subscription WatchTasks {
    taskChanged {
      event
      id
      task {
        ...TaskParts
      }
    }
  }
`);
