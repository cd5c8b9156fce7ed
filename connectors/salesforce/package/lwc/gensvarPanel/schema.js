// Written by `gensvar build salesforce` from manifest.json.
import contact_score from "@salesforce/schema/Contact.Gensvar_Score__c";
import contact_category from "@salesforce/schema/Contact.Gensvar_Category__c";
import contact_comment from "@salesforce/schema/Contact.Gensvar_Comment__c";
import contact_touchpoint from "@salesforce/schema/Contact.Gensvar_Touchpoint__c";
import contact_kind from "@salesforce/schema/Contact.Gensvar_Kind__c";
import contact_answered_at from "@salesforce/schema/Contact.Gensvar_Answered_At__c";
import contact_previous_score from "@salesforce/schema/Contact.Gensvar_Previous_Score__c";
import contact_last_asked_at from "@salesforce/schema/Contact.Gensvar_Last_Asked_At__c";
import contact_next_ask_at from "@salesforce/schema/Contact.Gensvar_Next_Ask_At__c";
import contact_ask_refusal from "@salesforce/schema/Contact.Gensvar_Ask_Refusal__c";
import contact_follow_up from "@salesforce/schema/Contact.Gensvar_Follow_Up__c";
import contact_follow_up_owner from "@salesforce/schema/Contact.Gensvar_Follow_Up_Owner__c";
import contact_follow_up_due from "@salesforce/schema/Contact.Gensvar_Follow_Up_Due__c";
import contact_follow_up_task from "@salesforce/schema/Contact.Gensvar_Follow_Up_Task__c";
import answer_score from "@salesforce/schema/Gensvar_Answer__c.Gensvar_Score__c";
import answer_category from "@salesforce/schema/Gensvar_Answer__c.Gensvar_Category__c";
import answer_comment from "@salesforce/schema/Gensvar_Answer__c.Gensvar_Comment__c";
import answer_touchpoint from "@salesforce/schema/Gensvar_Answer__c.Gensvar_Touchpoint__c";
import answer_kind from "@salesforce/schema/Gensvar_Answer__c.Gensvar_Kind__c";
import answer_answered_at from "@salesforce/schema/Gensvar_Answer__c.Gensvar_Answered_At__c";
import answer_may_contact from "@salesforce/schema/Gensvar_Answer__c.Gensvar_May_Contact__c";
import request_contact from "@salesforce/schema/Gensvar_Survey_Request__c.Gensvar_Contact__c";
import request_touchpoint from "@salesforce/schema/Gensvar_Survey_Request__c.Gensvar_Touchpoint__c";
import request_state from "@salesforce/schema/Gensvar_Survey_Request__c.Gensvar_State__c";
import request_reason from "@salesforce/schema/Gensvar_Survey_Request__c.Gensvar_Reason__c";
import request_link from "@salesforce/schema/Gensvar_Survey_Request__c.Gensvar_Link__c";
import request_next_ask_at from "@salesforce/schema/Gensvar_Survey_Request__c.Gensvar_Next_Ask_At__c";
import task_cause from "@salesforce/schema/Task.Gensvar_Cause__c";
import task_outcome from "@salesforce/schema/Task.Gensvar_Outcome__c";

export const contact = {
  score: contact_score,
  category: contact_category,
  comment: contact_comment,
  touchpoint: contact_touchpoint,
  kind: contact_kind,
  answered_at: contact_answered_at,
  previous_score: contact_previous_score,
  last_asked_at: contact_last_asked_at,
  next_ask_at: contact_next_ask_at,
  ask_refusal: contact_ask_refusal,
  follow_up: contact_follow_up,
  follow_up_owner: contact_follow_up_owner,
  follow_up_due: contact_follow_up_due,
  follow_up_task: contact_follow_up_task,
};

export const answer = {
  score: answer_score,
  category: answer_category,
  comment: answer_comment,
  touchpoint: answer_touchpoint,
  kind: answer_kind,
  answered_at: answer_answered_at,
  may_contact: answer_may_contact,
};

export const request = {
  contact: request_contact,
  touchpoint: request_touchpoint,
  state: request_state,
  reason: request_reason,
  link: request_link,
  next_ask_at: request_next_ask_at,
};

export const task = {
  cause: task_cause,
  outcome: task_outcome,
};

export const relatedLists = {
  answers: "Gensvar_Answers__r",
  requests: "Gensvar_Survey_Requests__r",
};
