import {
  Flex,
  Heading,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
  Tag,
} from "@hubspot/ui-extensions";

import type { Scope } from "../document.ts";
import { useVoice } from "../voice.ts";

/** Each right, what it is for, and whether this account has given it. */
export function Scopes({ scopes }: { scopes: Scope[] }) {
  const { say } = useVoice();
  return (
    <Flex direction="column" gap="sm">
      <Heading>{say("scopes")}</Heading>
      <Table>
        <TableHead>
          <TableRow>
            <TableHeader>{say("scope")}</TableHeader>
            <TableHeader>{say("purpose")}</TableHeader>
            <TableHeader>{say("state")}</TableHeader>
          </TableRow>
        </TableHead>
        <TableBody>
          {scopes.map((scope) => (
            <Row key={scope.name} scope={scope} />
          ))}
        </TableBody>
      </Table>
    </Flex>
  );
}

function Row({ scope }: { scope: Scope }) {
  return (
    <TableRow>
      <TableCell>{scope.name}</TableCell>
      <TableCell>{scope.purpose}</TableCell>
      <TableCell>
        <Granted scope={scope} />
      </TableCell>
    </TableRow>
  );
}

function Granted({ scope }: { scope: Scope }) {
  const { say } = useVoice();
  if (scope.granted) return <Tag variant="success">{say("granted")}</Tag>;
  if (scope.required) return <Tag variant="error">{say("missing")}</Tag>;
  return <Tag>{say("not_granted")}</Tag>;
}
