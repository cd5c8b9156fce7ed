import { hubspot } from "@hubspot/ui-extensions";

import { Card } from "./Card.tsx";

hubspot.extend<"crm.record.tab" | "crm.record.sidebar">(() => <Card />);
