import { LightningElement } from "lwc";
import { texts } from "./labels";

export default class GensvarPanel extends LightningElement { texts = texts; }
